import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExplorationRecord } from '../../model/exploration.ts';
import { writeWhole } from '../write-reports.ts';
import { explorationHtml } from './html.ts';
import { explorationMarkdown } from './markdown.ts';

/** Writes the record and every report of it into the exploration's folder, the record first. @returns the paths */
export async function writeExploration(
  record: ExplorationRecord,
  dir: string,
): Promise<{ json: string; html: string; markdown: string }> {
  await mkdir(dir, { recursive: true });
  return {
    json: await writeWhole(join(dir, 'exploration.json'), `${JSON.stringify(record, null, 1)}\n`),
    html: await writeWhole(join(dir, 'report.html'), explorationHtml(record)),
    markdown: await writeWhole(join(dir, 'summary.md'), explorationMarkdown(record)),
  };
}
