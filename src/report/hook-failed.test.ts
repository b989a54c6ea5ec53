import { describe, expect, it } from 'vitest';
import { html } from './html/index.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { terminalSummary } from './terminal/summary.ts';
import { aRecord } from './testing/record.ts';

const notRun = Array.from({ length: 61 }, (_, i) => `PP-${i + 1}`);
const faults = [{ message: 'web.yaml:4:7: hooks.afterApply[0] on rs1: no luck', hint: 'Correct it.' }];
const over = { results: [], hosts: [], configs: [], notRun, faults, exitCode: 65 };
const record = aRecord(over);
const times = (text: string, what: string): number => text.split(what).length - 1;

describe('a hook that failed', () => {
  it.each([
    ['the terminal', terminalSummary(record, { color: false, width: 200 })],
    [
      'the terminal, of mutants',
      terminalSummary(aRecord({ ...over, command: 'mutants' }), { color: false, width: 200 }),
    ],
    ['the Markdown summary', markdown(record)],
  ])('is told once by %s, with what to do, and so is that nothing was run', (_, text) => {
    expect(times(text, 'no luck')).toBe(1);
    expect(text).toContain('Correct it.');
    expect(times(text, '61 checks were not run')).toBe(1);
    expect(text).not.toMatch(/broke/);
  });
  it('is told by the HTML report in the banner and below', () => {
    const text = html(record);
    expect(text).toContain('A hook of the lab file failed; 61 checks were not run.');
    expect(times(text, 'no luck')).toBe(2);
  });
  it('is told from files that are refused', () => {
    const message = 'web.yaml:4:7: realServers[0].files on rs1: no luck';
    const refused = aRecord({ ...over, faults: [{ message }] });
    expect(terminalSummary(refused, { color: false, width: 200 })).toContain(
      'No lab: a host cannot be started on its files; 61 checks were not run.',
    );
  });
  it('is one error of the run in JUnit XML', () => {
    const xml = junit(record);
    expect(xml).toContain('tests="1" failures="0" errors="1"');
    expect(times(xml, '<testcase ')).toBe(1);
    expect(xml).toContain('61 checks were not run');
  });
  it('counts what it left out where other labs were up', () => {
    const some = aRecord({ notRun: ['PP-01'], faults, exitCode: 1 });
    expect(terminalSummary(some, { color: false, width: 400 })).toMatch(
      /Not conformant: .*1 check was not run/,
    );
  });
});
