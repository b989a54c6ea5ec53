import { expect, it } from 'vitest';
import { aNight } from '../../../history/testing/nights.ts';
import type { NightGate } from '../../../model/history.ts';
import { exitOfNight } from './exit.ts';

const gate = (over: Partial<NightGate>): NightGate => ({
  verdict: 'regression',
  confirmed: false,
  needsConfirming: false,
  baseline: 'the last run',
  reason: 'Worse.',
  figures: [],
  fingerprint: { lab: '', sandbox: '', kernel: '', machine: '' },
  ...over,
});
const run = (exitCode: number, over: Partial<NightGate> = {}) =>
  aNight(1, [], { exitCode, gate: gate(over) });

it.each([
  ['nothing found', run(0), undefined, 0],
  ['a confirmed regression that only tells', run(0, { confirmed: true }), run(0), 0],
  ['a confirmed regression that is to fail', run(0, { confirmed: true, failOn: 'regression' }), run(0), 1],
  [
    'the same in a run that could not measure all',
    run(2, { confirmed: true, failOn: 'regression' }),
    run(0),
    1,
  ],
  ['a suspicion left open', run(0, { needsConfirming: true }), undefined, 2],
  ['a failed check in the second run', run(2), run(1), 1],
  ['a second run without a lab', run(0, { needsConfirming: true }), run(69), 2],
  ['a second run that was interrupted', run(1), run(130), 130],
])('%s', (_, first, second, expected) => {
  expect(exitOfNight(first, second)).toBe(expected);
});
