import { describe, expect, it } from 'vitest';
import type { RandomFaultResult } from '../../model/record.ts';
import { countsOf } from '../../run/random.ts';
import { conclusion } from '../conclusion.ts';
import { html } from '../html/index.ts';
import { junit } from '../junit.ts';
import { markdown } from '../markdown.ts';
import { terminalSummary } from '../terminal/summary.ts';
import { aRecord } from '../testing/record.ts';
import { randomLine } from './terminal.ts';

const fault = (id: string, of: Partial<RandomFaultResult>): RandomFaultResult => ({
  ...{ id, family: 'routes', kind: 'policy-rule', hosts: ['rs2'], breaks: 'rs2 has a policy rule' },
  ...{ outcome: 'missed', others: [], run: `faults/${id}-policy-rule`, tookMs: 61_000 },
  ...of,
});
const first = { check: 'PP-16', verdict: 'fail' as const, seen: 'no answer', cause: 'rs1 <drops> them' };
const faults = [
  fault('R01', { outcome: 'right', first, others: [{ check: 'FW-06', verdict: 'warn' }] }),
  fault('R02', { outcome: 'wrong-host', first }),
  fault('R03', {}),
  fault('R04', { outcome: 'quiet', family: 'harmless' }),
];
const record = aRecord({
  command: 'mutants',
  results: [],
  random: { seed: 7, faults, counts: countsOf(faults) },
});

describe('random faults', () => {
  it('are counted in the conclusion', () => {
    expect(conclusion(record)).toBe(
      'Not proven: 2 of 3 random faults found; the first finding names the right host for 1, and the right cause for 1; 0 of 1 harmless change taken for a fault.',
    );
    expect(conclusion({ ...record, exitCode: 0 })).toMatch(/^Proven: /);
  });

  it('are listed in every report, with what was said first', () => {
    const page = html(record);
    expect(page).toContain('<a href="faults/R01-policy-rule/report.html"><code>R01</code></a>');
    expect(page).toContain('PP-16 fail: no answer; rs1 &lt;drops&gt; them (and 1 more)');
    expect(markdown(record)).toMatch(
      /### Random faults \(seed 7\)[\s\S]*`R03`.*✗ missed \| nothing was found/,
    );
    const xml = junit(record);
    expect(xml).toMatch(/name="drlab.random" tests="4" failures="2" errors="0"/);
    expect(xml).toContain('type="wrong-host"');
    expect(terminalSummary(record, { color: false, width: 100 })).toContain('✗ missed      R03 policy-rule');
  });

  it('are one line on the terminal, and say more only where they are not right', () => {
    const lines = (one: RandomFaultResult | undefined) =>
      one ? randomLine(one, { color: false, width: 100 }).split('\n') : [];
    expect(lines(faults[0])).toHaveLength(1);
    expect(lines(faults[1])).toEqual([
      '! wrong-host  R02 policy-rule           rs2 has a policy rule',
      '    PP-16 fail: no answer; rs1 <drops> them',
    ]);
  });
});
