import { describe, expect, it } from 'vitest';
import { runRecordSchema } from '../model/schema/record.ts';
import { ranColumn } from '../run/column.ts';
import { html } from './html/index.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { matrixHtml } from './matrix/html.ts';
import { matrixMarkdown } from './matrix/markdown.ts';
import { matrixLines } from './matrix/terminal.ts';
import { terminalSummary } from './terminal/summary.ts';
import { aColumn, aMatrix } from './testing/matrix.ts';
import { aRecord } from './testing/record.ts';
import { elements, parseXml } from './testing/xml-tree.ts';

const lacks = 'd1: lacks vip:198.18.0.100';
const record = aRecord({ unsettled: [{ case: 'run', lacks }] });
const said = `the lab of run did not settle (${lacks}), and was used all the same`;

describe('a lab that did not settle', () => {
  it('is in the record', () => {
    expect(runRecordSchema.parse(record).unsettled).toEqual([{ case: 'run', lacks }]);
  });
  it('is in the summary on a terminal', () => {
    expect(terminalSummary(record, { color: false, width: 200 })).toContain(said);
  });
  it('is in the HTML report, above the facts', () => {
    const [banner] = html(record).split('<dl class="facts">');
    expect(banner).toContain(`<strong>Not settled:</strong> ${said}.`);
  });
  it('is in the Markdown summary, before the checks', () => {
    const [top] = markdown(record).split('| suite |');
    expect(top).toContain(`> **Not settled:** ${said}.`);
  });
  it('is in JUnit XML, in the properties of each suite', () => {
    for (const suite of parseXml(junit(record)).children)
      expect(elements(suite, 'property').map(({ attributes }) => attributes)).toContainEqual({
        name: 'unsettled',
        value: said,
      });
  });
  it('is not told of labs that did', () => {
    const settled = aRecord();
    const outputs = [terminalSummary(settled, { color: false, width: 80 }), html(settled), markdown(settled)];
    for (const output of [...outputs, junit(settled)]) expect(output).not.toMatch(/settle/);
  });
  it('is told of each place of a matrix', () => {
    const { checks } = aMatrix();
    const column = ranColumn(aColumn('netns/uml/ipvsadm', checks), record, 'places/1', 5);
    const matrix = aMatrix({ places: [column] });
    const outputs = [matrixLines({ color: false, width: 200 }).summary(matrix), matrixMarkdown(matrix)];
    for (const output of [...outputs, matrixHtml(matrix)])
      expect(output).toContain(`netns/uml/ipvsadm: ${said}`);
  });
});
