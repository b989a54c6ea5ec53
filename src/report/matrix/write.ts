import { join } from 'node:path';
import type { MatrixRecord } from '../../model/matrix.ts';
import { writeWhole } from '../write-reports.ts';
import { matrixHtml } from './html.ts';
import { matrixMarkdown } from './markdown.ts';

/** Writes the matrix and what is drawn from it into its folder, the record first. @returns the paths */
export async function writeMatrix(
  record: MatrixRecord,
  dir: string,
): Promise<{ html: string; markdown: string; json: string }> {
  return {
    json: await writeWhole(join(dir, 'matrix.json'), `${JSON.stringify(record, null, 1)}\n`),
    html: await writeWhole(join(dir, 'matrix.html'), matrixHtml(record)),
    markdown: await writeWhole(join(dir, 'matrix.md'), matrixMarkdown(record)),
  };
}
