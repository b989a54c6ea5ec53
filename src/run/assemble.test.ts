import { expect, test } from 'vitest';
import type { Check } from '../model/check.ts';
import type { RunEvent } from '../model/events.ts';
import { parseLab } from '../model/labfile/index.ts';
import { aRecord } from '../report/testing/record.ts';
import { aResult } from '../report/testing/result.ts';
import { UsageError } from '../util/errors.ts';
import { assemble, type Ending } from './assemble.ts';
import { skippedChecks } from './select.ts';
import { inRun } from './testing/purposes.ts';

const spec = parseLab('name: one', 'one.yaml');
const checks = ['ARP-01', 'ARP-02', 'PP-01'].map(
  (id) =>
    ({ id, suite: id.startsWith('ARP') ? 'arp' : 'path', level: 'must', mutants: [] }) as unknown as Check,
);
const ended: RunEvent[] = [{ type: 'check-end', case: 'run', result: aResult('ARP-01') }];
const record = (ids: string[], ending: Ending) =>
  assemble(
    { ...aRecord({ results: [] }), sandbox: 'uml' },
    [{ purpose: inRun(), spec, checks: ids }],
    checks,
    ended,
    ending,
  );
const verdicts = ({ results }: ReturnType<typeof record>) => results.map(({ id, verdict }) => [id, verdict]);

test('checks that an interruption cut off are not run, and nothing else is said of them', () => {
  const interrupted = record(['ARP-01', 'ARP-02', 'PP-01'], { problem: 'interrupted', interrupted: true });
  expect(verdicts(interrupted)).toEqual([['ARP-01', 'pass']]);
  expect(interrupted).toMatchObject({ notRun: ['ARP-02', 'PP-01'], faults: [] });
});

test('checks that something else cut off are broken', () => {
  const cut = record(['ARP-01', 'ARP-02'], { problem: 'the guest hung' });
  expect(verdicts(cut)).toEqual([
    ['ARP-01', 'pass'],
    ['ARP-02', 'broken'],
  ]);
  expect(cut.faults).toHaveLength(1);
  expect(cut).not.toHaveProperty('notRun');
});

test('checks that were left out on request are skipped, in their places, with the reason', () => {
  const skipped = skippedChecks(checks, checks, ['arp-02', 'path']);
  const run = record(['ARP-01'], { skipped });
  expect(verdicts(run)).toEqual([
    ['ARP-01', 'pass'],
    ['ARP-02', 'skipped'],
    ['PP-01', 'skipped'],
  ]);
  expect(run.results[1]?.reason).toBe('left out by --skip arp-02');
});

test('what is to be left out must exist, and need not have been selected', () => {
  expect(() => skippedChecks(checks, checks, ['HA'])).toThrow(UsageError);
  expect(skippedChecks(checks, checks.slice(0, 1), ['path']).size).toBe(0);
});
