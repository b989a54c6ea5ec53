import { describe, expect, it } from 'vitest';
import { html } from '../html/index.ts';
import { markdown } from '../markdown.ts';
import { terminalSummary } from '../terminal/summary.ts';
import { aRecord } from '../testing/record.ts';
import { aResult } from '../testing/result.ts';
import { asShown, rooted } from './roots.ts';

const because = { check: 'PP-16', hosts: ['rs2'] };
const reason = 'not judged because of PP-16: rs2; it presumes an answer';
const results = [
  aResult('ARP-01'),
  aResult('PP-24', { verdict: 'warn', level: 'should', cause: 'd1 clamps the MSS' }),
  aResult('VIP-01', { verdict: 'fail', because, cause: 'the VIP is no local address of rs2' }),
  aResult('SCH-01', { verdict: 'inconclusive', because, reason }),
  aResult('HA-01', { verdict: 'inconclusive', because: { check: 'VIP-01', hosts: ['rs2'] }, reason }),
  aResult('PP-16', { verdict: 'fail', cause: 'rs2 does not have the VIP' }),
];
const record = aRecord({ results, exitCode: 1 });

describe('findings', () => {
  it('stand once, with those that follow from them, from whichever of them, below', () => {
    const groups = rooted(results).map(({ root, consequences }) => [
      root.id,
      consequences.map(({ id }) => id),
    ]);
    expect(groups).toEqual([
      ['PP-16', ['VIP-01', 'SCH-01', 'HA-01']],
      ['PP-24', []],
    ]);
  });
  it('are read roots first, and what passed last', () => {
    const order = ['PP-16', 'VIP-01', 'SCH-01', 'HA-01', 'PP-24', 'ARP-01'];
    expect(asShown(results).map(({ id }) => id)).toEqual(order);
  });
  it('stand below what differs from the lab file, which folds none of them', () => {
    const refutes = [{ precondition: 'asWritten' as const, hosts: ['d1'] }];
    const cause = 'differs from the lab file: d1 has a filter rule';
    const differs = aResult('STA-01', { verdict: 'warn', level: 'should', cause, refutes });
    const groups = rooted([...results, differs]);
    expect(groups.map(({ root }) => root.id)).toEqual(['STA-01', 'PP-16', 'PP-24']);
    expect(groups[0]?.consequences).toEqual([]);
    const page = html(aRecord({ results: [...results, differs], exitCode: 1 }));
    const banner = page.slice(0, page.indexOf('</header>'));
    expect(banner.indexOf(cause)).toBeGreaterThan(0);
    expect(banner.indexOf(cause)).toBeLessThan(banner.indexOf('rs2 does not have the VIP'));
  });
  it('stand by themselves where what they follow from is not in the record, or follows from them', () => {
    const loop = ['A', 'B'].map((id, i) =>
      aResult(id, { verdict: 'fail', because: { check: ['B', 'A'][i] ?? '', hosts: [] } }),
    );
    expect(rooted([aResult('SCH-01', { verdict: 'inconclusive', because })])).toHaveLength(1);
    expect(rooted(loop).flatMap(({ root, consequences }) => [root, ...consequences])).toHaveLength(2);
  });
});

describe('reports tell what follows from a finding below it', () => {
  it('on a terminal, in one paragraph', () => {
    const text = terminalSummary(record, { color: false, width: 100 });
    expect(text.replace(/\s+/g, ' ')).toContain(
      'therefore 1 other check fails (VIP-01), 2 checks are not judged (SCH-01, HA-01)',
    );
    expect(text).not.toContain('SCH-01  ');
  });
  it('in Markdown, folded', () => {
    const text = markdown(record);
    const [, folded = ''] = text.split('<details>');
    expect(text.indexOf('`PP-16`')).toBeLessThan(text.indexOf('<details>'));
    for (const id of ['VIP-01', 'SCH-01', 'HA-01']) expect(folded.split('</details>')[0]).toContain(id);
    expect(text).not.toContain('### Without a verdict');
  });
  it('in HTML, folded, in the banner and among the checks', () => {
    const page = html(record);
    expect(page).toMatch(/<details class="follows"><summary>Because of it/);
    expect(page).toMatch(/<details class="check" id="PP-16" data-verdict="fail" open>/);
    expect(page).toMatch(/<details class="check" id="VIP-01" data-verdict="fail">/);
    expect(page).toContain('<a class="because" href="#PP-16">because of PP-16: rs2</a>');
  });
});
