import type { Check } from '../model/check.ts';
import type { Case } from '../model/job.ts';
import { standsAlone } from './cases.ts';

/** How cases are spread over several worlds at once; what measures time gets the machine to itself afterwards. */

export interface Lanes {
  /** Run side by side, each in a sandbox of its own. */
  together: Case[][];
  /** Run after them, in one sandbox. */
  alone: Case[];
}

/**
 * @param count how many at once; fewer where there is not enough to do.
 * The longest go first, each to the lane with the least to do; within a lane cases keep their order.
 */
export function lanesOf(cases: readonly Case[], checks: readonly Check[], count: number): Lanes {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const costOf = (one: Case): number =>
    labCost + one.checks.reduce((sum, id) => sum + (byId.get(id)?.disturbs ? labCost + 6 : 1), 0);
  const isAlone = (one: Case): boolean => {
    const check = byId.get(one.checks[0] ?? '');
    return check !== undefined && standsAlone(check);
  };
  const shared = cases.filter((one) => !isAlone(one));
  const total = shared.reduce((sum, one) => sum + costOf(one), 0);
  const used = Math.max(1, Math.min(count, Math.floor(total / worthALane), shared.length));
  const lanes = Array.from({ length: used }, () => ({ cost: 0, cases: [] as Case[] }));
  for (const one of shared.toSorted((a, b) => costOf(b) - costOf(a))) {
    const lane = lanes.reduce((least, each) => (each.cost < least.cost ? each : least));
    lane.cost += costOf(one);
    lane.cases.push(one);
  }
  const place = new Map(cases.map((one, i) => [one.name, i]));
  const inOrder = (own: Case[]): Case[] =>
    own.toSorted((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
  return {
    together: lanes.map((lane) => inOrder(lane.cases)).filter((own) => own.length > 0),
    alone: cases.filter(isAlone),
  };
}

/** Rough seconds of building a lab; a check counts one. */
const labCost = 2;
/** A second world costs seconds of CPU to start; less work than this is done sooner without it. */
const worthALane = 20;
