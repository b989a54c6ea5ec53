import type { RunRecord } from '../../model/record.ts';
import { conclude } from '../conclusion.ts';
import { markup } from '../markup.ts';
import { randomSection } from '../random/html.ts';
import { historyIn, type RunHistory } from '../trend/history.ts';
import { trendSection } from '../trend/section.ts';
import { trendStyle } from '../trend/style.ts';
import { backgroundSections } from './background.ts';
import { banner } from './banner.ts';
import { checksSection } from './checks.ts';
import { claimsSection } from './claims.ts';
import { labSection } from './lab.ts';
import { mutantsSection } from './mutants.ts';
import { page } from './page.ts';

/**
 * The report that a person reads: one file, no network, light and dark, screen and paper.
 * @param history how its figures stand to those of the runs before
 */
export function html(record: RunRecord, history: RunHistory | undefined = historyIn(record)): string {
  const { headline } = conclude(record);
  return page(
    `${headline} · ${record.lab.spec.name} · drlab`,
    markup`${banner(record, history)}${history && trendSection(history)}${claimsSection(record.claims)}${labSection(record.lab.spec)}${checksSection(record)}${mutantsSection(record.mutants)}${randomSection(record.random)}${backgroundSections(record)}
<footer class="soft">drlab ${record.drlab.version} · drawn from run.json of ${record.id}</footer>`,
    history ? trendStyle : '',
  );
}
