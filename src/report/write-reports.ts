import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../model/record.ts';
import { claimsDocument } from './claims.ts';
import { html } from './html/index.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { historyIn } from './trend/history.ts';
import { trendHtml } from './trend/html.ts';

/**
 * Writes the record and every report of it into the run's folder. Each file appears whole or not at all,
 * the record first: from it the others can be drawn again.
 * @param history the run among those before it: a section in each report, and `trend.html`; default: what the record keeps
 * @returns the paths
 */
export async function writeReports(
  record: RunRecord,
  dir: string,
  history = historyIn(record),
): Promise<{ html: string; junit: string; markdown: string; json: string; trend?: string }> {
  await mkdir(dir, { recursive: true });
  return {
    json: await writeWhole(join(dir, 'run.json'), `${JSON.stringify(record, null, 1)}\n`),
    html: await writeWhole(join(dir, 'report.html'), html(record, history)),
    junit: await writeWhole(join(dir, 'junit.xml'), junit(record, history)),
    ...(record.claims && { claims: await writeWhole(join(dir, 'claims.md'), claimsDocument(record)) }),
    markdown: await writeWhole(join(dir, 'summary.md'), markdown(record, history)),
    ...(history &&
      history.trends.length > 0 && { trend: await writeWhole(join(dir, 'trend.html'), trendHtml(history)) }),
  };
}

/** The file appears whole or not at all. @returns its path */
export async function writeWhole(path: string, content: string): Promise<string> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, content);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return path;
}
