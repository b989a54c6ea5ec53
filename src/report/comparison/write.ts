import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComparisonRecord } from '../../model/comparison.ts';
import { writeWhole } from '../write-reports.ts';
import { comparisonHtml } from './html.ts';
import { comparisonJunit } from './junit.ts';
import { comparisonMarkdown } from './markdown.ts';

/** Writes the record and every report of it into the comparison's folder, the record first. @returns the paths */
export async function writeComparison(
  record: ComparisonRecord,
  dir: string,
): Promise<{ json: string; html: string; junit: string; markdown: string }> {
  await mkdir(dir, { recursive: true });
  return {
    json: await writeWhole(join(dir, 'comparison.json'), `${JSON.stringify(record, null, 1)}\n`),
    html: await writeWhole(join(dir, 'report.html'), comparisonHtml(record)),
    junit: await writeWhole(join(dir, 'junit.xml'), comparisonJunit(record)),
    markdown: await writeWhole(join(dir, 'summary.md'), comparisonMarkdown(record)),
  };
}
