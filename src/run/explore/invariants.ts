import type { Bounds, Finding, InvariantId, Observation } from '../../model/exploration.ts';
import { invariants } from '../../model/invariants.ts';
import { hostsOf, type LabSpec } from '../../model/spec.ts';
import type { Judge } from './judge.ts';
import { neighboursFollow, oneOwner, tablesAlike } from './owning.ts';
import { answersRight, healedInTime } from './serving.ts';
import { connectionsSurvive } from './surviving.ts';

const judges: Record<InvariantId, Judge> = {
  'one owner': oneOwner,
  'right answers': answersRight,
  'healed in time': healedInTime,
  'connections survive': connectionsSurvive,
  'neighbours follow': neighboursFollow,
  'tables alike': tablesAlike,
};

/** Pure: every invariant over one schedule; what is missing is inconclusive. */
export function judgeSchedule(
  observation: Observation,
  { spec, bounds, settlingMs }: { spec: LabSpec; bounds: Bounds; settlingMs: number },
): Finding[] {
  const directors = hostsOf(spec, 'director').map(({ name }) => name);
  const ids = Object.keys(invariants) as InvariantId[];
  return ids.map((invariant) => ({
    invariant,
    ...judges[invariant]({ bounds, settlingMs, directors, observation }),
  }));
}
