import {
  type ExplorationRecord,
  type InvariantId,
  type Schedule,
  type ScheduleOutcome,
  verdictOf,
} from '../../model/exploration.ts';
import { exitCode } from '../../util/errors.ts';

export const failingIn = ({ findings }: ScheduleOutcome): InvariantId[] =>
  findings.filter(({ verdict }) => verdict === 'fails').map(({ invariant }) => invariant);

/** What is worth making shorter: for each invariant that fails, the schedule with the fewest faults. */
export function toShrink(
  outcomes: readonly ScheduleOutcome[],
): { schedule: Schedule; invariant: InvariantId }[] {
  const first = new Map<InvariantId, Schedule>();
  for (const outcome of outcomes)
    for (const invariant of failingIn(outcome)) {
      const known = first.get(invariant);
      const { schedule } = outcome;
      if (!known || schedule.faults.length < known.faults.length) first.set(invariant, schedule);
    }
  return [...first].map(([invariant, schedule]) => ({ schedule, invariant }));
}

/** 0 all hold, 1 an invariant fails, 2 something could not be judged, 3 nothing was tried. */
export function exitCodeOf({ outcomes, planned }: Pick<ExplorationRecord, 'outcomes' | 'planned'>): number {
  const verdicts = outcomes.map(verdictOf);
  if (verdicts.includes('fails')) return exitCode.notConformant;
  if (outcomes.length === 0) return exitCode.nothingRan;
  return verdicts.includes('inconclusive') || outcomes.length < planned
    ? exitCode.inconclusive
    : exitCode.conformant;
}
