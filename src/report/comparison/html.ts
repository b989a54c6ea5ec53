import type { ComparisonRecord } from '../../model/comparison.ts';
import { page } from '../html/page.ts';
import { markup } from '../markup.ts';
import { comparisonBanner } from './banner.ts';
import { excludedSections } from './excluded.ts';
import { methodSections } from './method.ts';
import { comparisonStyle } from './style.ts';
import { headlineOf } from './words.ts';
import { workloadSection } from './workload.ts';

/** The comparison that a person reads: one file, no network, light and dark, screen and paper. */
export function comparisonHtml(record: ComparisonRecord): string {
  return page(
    `${headlineOf(record).headline} · ${record.lab.spec.name} · drlab`,
    markup`${comparisonBanner(record)}${record.workloads.map((one) => workloadSection(record, one))}
${excludedSections(record)}${methodSections(record)}
<footer class="soft">drlab ${record.drlab.version} · drawn from comparison.json of ${record.id}</footer>`,
    comparisonStyle,
  );
}
