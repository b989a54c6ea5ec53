import type { Check } from '../model/check.ts';
import type { Case } from '../model/job.ts';
import { firstCheck, takesHours, waitsForTimers, wantsMachine } from './scheduling.ts';

/** How cases are spread over several sandboxes at once. */

/** What one sandbox does. */
export interface Worker {
  /** Tells its files from those of the others; the first of all needs none. */
  name: string;
  cases: Case[];
}

/** Phase after phase: the workers of one run side by side. */
export interface Phases {
  /** What looks at behaviour; then what waits for timers, which keeps a machine hardly busy. */
  besides: Worker[][];
  /** What measures the machine, with nothing beside it. */
  alone: Worker[][];
}

/** @param count how many workers at once; fewer where there is not enough to do. */
export function phasesOf(cases: readonly Case[], checks: readonly Check[], count: number): Phases {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const first = new Map(cases.map((one) => [one, firstCheck(one, checks)]));
  const ofTimers = cases.filter((one) => holds(first.get(one), waitsForTimers));
  const ofFigures = cases.filter((one) => holds(first.get(one), wantsMachine) && !ofTimers.includes(one));
  const others = cases.filter((one) => !ofTimers.includes(one) && !ofFigures.includes(one));
  const timers = ofTimers.flatMap((one) => parts(one, byId));
  const besides = [
    spread(others, byId, count).map((own, i) => ({ name: String(i + 1), cases: own })),
    spread(timers, byId, count).map((own, i) => ({ name: `timers-${i + 1}`, cases: own })),
  ].filter((workers) => workers.length > 0);
  const alone = ofFigures.length > 0 ? [[{ name: 'alone', cases: ofFigures }]] : [];
  const [[leading] = []] = [...besides, ...alone];
  if (leading) leading.name = '';
  return { besides, alone };
}

/**
 * What sandboxes take one after the other, as they have time: what disturbs its lab apart, the longest first, and short
 * ones together, since a guest costs as much as one of them. It depends on what is asked, and on nothing else.
 * @param depends on what other cases establish: these wait for them, and come last
 */
export function queueOf(
  cases: readonly Case[],
  checks: readonly Check[],
  depends: (cases: readonly Case[]) => boolean,
): Case[][] {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const longestFirst = cases
    .flatMap((one) => (isBroken(one) ? [one] : parts(one, byId)))
    .toSorted((a, b) => costOf(b, byId) - costOf(a, byId));
  const late = longestFirst.filter((one) => depends([one]));
  const early = longestFirst.filter((one) => !late.includes(one));
  return [...inGroups(early, byId), ...inGroups(late, byId)];
}

function inGroups(longestFirst: readonly Case[], byId: Map<string, Check>): Case[][] {
  const groups: { cost: number; cases: Case[] }[] = [];
  for (const one of longestFirst) {
    const cost = costOf(one, byId);
    const last = groups.at(-1);
    if (last && last.cost + cost <= worthAGuest) {
      last.cost += cost;
      last.cases.push(one);
    } else groups.push({ cost, cases: [one] });
  }
  return groups.map((group) => group.cases);
}

/** What is asked in a lab that was broken for its first check stays with that. */
const isBroken = ({ purpose }: Case): boolean => purpose.kind === 'mutant';

const holds = (check: Check | undefined, what: (check: Check) => boolean): boolean =>
  check !== undefined && what(check);

/**
 * A check that disturbs its lab gets one of its own anyway, so such a case may be done in several places. Its parts
 * bear its name, and their results are found under it.
 */
function parts(one: Case, byId: Map<string, Check>): Case[] {
  const apart = one.checks.filter((id) => byId.get(id)?.disturbs);
  const together = one.checks.filter((id) => !apart.includes(id));
  return [...(together.length > 0 ? [together] : []), ...apart.map((id) => [id])].map((ids) => ({
    ...one,
    checks: ids,
  }));
}

/** The longest go first, each to the worker with the least to do; within a worker cases keep their order. */
function spread(cases: readonly Case[], byId: Map<string, Check>, count: number): Case[][] {
  const total = cases.reduce((sum, one) => sum + costOf(one, byId), 0);
  const used = Math.max(1, Math.min(count, Math.floor(total / worthAWorker), cases.length));
  const workers = Array.from({ length: used }, () => ({ cost: 0, cases: [] as Case[] }));
  for (const one of cases.toSorted((a, b) => costOf(b, byId) - costOf(a, byId))) {
    const worker = workers.reduce((least, each) => (each.cost < least.cost ? each : least));
    worker.cost += costOf(one, byId);
    worker.cases.push(one);
  }
  const place = new Map(cases.map((one, i) => [one, i]));
  return workers
    .map((worker) => worker.cases.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)))
    .filter((own) => own.length > 0);
}

function costOf(one: Case, byId: Map<string, Check>): number {
  const ofCheck = (check: Check | undefined): number => {
    if (check && takesHours(check)) return hours;
    return check?.disturbs ? labCost + disturbing : 1;
  };
  return labCost + one.checks.reduce((sum, id) => sum + ofCheck(byId.get(id)), 0);
}

/** Rough seconds of building a lab; a check counts one, and one that disturbs a lab these. */
const labCost = 2;
const disturbing = 6;
/** What simulates hours. */
const hours = 60;
/** A guest that has so much to do may cost what it does. */
const worthAGuest = 30;
/** A second sandbox costs seconds of CPU to start; less work than this is done sooner without it. */
const worthAWorker = 20;
