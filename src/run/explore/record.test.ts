import { expect, it } from 'vitest';
import type { ScheduleOutcome } from '../../model/exploration.ts';
import { exitCode } from '../../util/errors.ts';
import { exitCodeOf } from './record.ts';
import { scheduleWith } from './testing/observations.ts';

const { conformant, notConformant, inconclusive, nothingRan } = exitCode;

const outcome = (...verdicts: ScheduleOutcome['findings'][number]['verdict'][]): ScheduleOutcome => ({
  schedule: scheduleWith(),
  findings: verdicts.map((verdict) => ({ invariant: 'one owner', verdict, seen: '' })),
});
const broken: ScheduleOutcome = { ...outcome(), broken: 'the lab did not settle' };

it.each([
  ['all hold', [outcome('holds')], 1, conformant],
  ['one could not be judged', [outcome('holds'), outcome('holds', 'inconclusive')], 2, inconclusive],
  ['one broke', [outcome('holds'), broken], 2, inconclusive],
  ['nothing was judged', [outcome()], 1, inconclusive],
  ['not all were tried', [outcome('holds')], 2, inconclusive],
  [
    'one fails, whatever else could not be judged',
    [outcome('inconclusive', 'fails'), broken],
    3,
    notConformant,
  ],
  ['none was tried', [], 2, nothingRan],
] as [string, ScheduleOutcome[], number, number][])(
  'the exit code where %s',
  (_, outcomes, planned, code) => {
    expect(exitCodeOf({ outcomes, planned })).toBe(code);
  },
);
