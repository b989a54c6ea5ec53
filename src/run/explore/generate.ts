import type { Bounds, PlannedFault, Schedule } from '../../model/exploration.ts';
import { type FaultKind, type FaultSpec, faultProblem } from '../../model/fault.ts';
import { hostsOf, type LabSpec } from '../../model/spec.ts';
import { type Random, randomFrom } from '../../statistics/random.ts';

/*
 * Never drawn: what no lab heals while it lasts. Lost announcements and a full table leave clients without service,
 * and a director that hears nothing goes on to advertise, so nobody takes over.
 */

const mostFaults = 3;
/** Draws that do not fit are drawn again, so many times in all. */
const mostDraws = 30;
const gridMs = 50;
const durationMs = { least: 500, most: 4_000 };
/** Between what a track is ready for and its next fault. */
const idleMs = 1_500;
/** No fault begins later, and none lasts longer. */
const horizonMs = 14_000;

export interface Drawing {
  spec: LabSpec;
  bounds: Bounds;
  /** Kinds that are unavailable where the schedules are tried. */
  without?: readonly FaultKind[];
}

/**
 * The schedule of a seed: one to three faults. At any time at most one director and one real server are affected, and
 * a director is not touched before the other has had the time to be ready again, so that the lab can heal each.
 */
export function scheduleOf(seed: number, { spec, bounds, without = [] }: Drawing): Schedule {
  const random = randomFrom(seed, 'explore');
  const isPossible = (fault: FaultSpec) =>
    !without.includes(fault.kind) && faultProblem(fault, spec) === undefined;
  const tracks = [
    { faults: directorFaults(spec), gapMs: onGrid(bounds.readyMs + bounds.slackMs), freeMs: 0 },
    { faults: serverFaults(spec), gapMs: onGrid(bounds.returnMs + bounds.slackMs), freeMs: 0 },
  ].filter(({ faults }) => faults.length > 0);
  const faults: PlannedFault[] = [];
  const count = 1 + random.below(mostFaults);
  for (let i = 0; i < mostDraws && faults.length < count; i++) {
    // Two of three are of a director: that is what a pair is for.
    const track = tracks[random.below(3) < 2 ? 0 : tracks.length - 1];
    if (!track) break;
    const planned = planFault(random, track, isPossible);
    if (!planned || planned.beginMs + planned.durationMs > horizonMs) continue;
    track.freeMs = planned.beginMs + planned.durationMs + track.gapMs;
    faults.push(planned);
  }
  return { seed, faults: faults.toSorted((a, b) => a.beginMs - b.beginMs) };
}

type Draw = (random: Random) => FaultSpec;

function planFault(
  random: Random,
  { faults, freeMs }: { faults: Draw[]; freeMs: number },
  isPossible: (fault: FaultSpec) => boolean,
): PlannedFault | undefined {
  const beginMs = freeMs + gridMs * random.below(idleMs / gridMs);
  const steps = (durationMs.most - durationMs.least) / gridMs;
  const lasts = durationMs.least + gridMs * random.below(steps + 1);
  const fault = pick(random, faults)(random);
  if (!isPossible(fault)) return undefined;
  return { fault, beginMs, durationMs: fault.kind === 'flap' ? fault.periodMs * fault.count : lasts };
}

function directorFaults(spec: LabSpec): Draw[] {
  const names = hostsOf(spec, 'director').map(({ name }) => name);
  const on =
    (fault: (host: string, random: Random) => FaultSpec): Draw =>
    (random) =>
      fault(pick(random, names), random);
  const [one = '', other = ''] = names;
  return [
    on((host) => ({ kind: 'daemon', host, signal: 'TERM' })),
    on((host) => ({ kind: 'daemon', host, signal: 'KILL' })),
    on((host) => ({ kind: 'daemon', host, signal: 'STOP' })),
    on((host) => ({ kind: 'powerOff', host, back: 'thawed' })),
    on((host) => ({ kind: 'powerOff', host, back: 'rebooted' })),
    on((host) => ({ kind: 'portDown', host })),
    on((host, random) => ({
      kind: 'flap',
      host,
      periodMs: 200 + 200 * random.below(4),
      count: 2 + random.below(3),
    })),
    on((host) => ({ kind: 'loss', host, direction: 'fromHost', percent: 100 })),
    () => ({ kind: 'partition', sides: [[one], [other]] }),
    () => ({ kind: 'rogueRouter', priority: 254 }),
    (random) => ({ kind: 'clockStep', stepMs: (random.below(2) === 0 ? -1 : 1) * 60_000 }),
  ];
}

function serverFaults(spec: LabSpec): Draw[] {
  const [service] = spec.services.filter(({ protocol }) => protocol === 'tcp');
  const names = service?.realServers.map(({ name }) => name) ?? [];
  // One alone has nobody to stand in for it.
  if (names.length < 2) return [];
  const on =
    (fault: (host: string, random: Random) => FaultSpec): Draw =>
    (random) =>
      fault(pick(random, names), random);
  const requesters = (random: Random) => pick(random, ['everyone', 'directors'] as const);
  return [
    on((host) => ({ kind: 'serviceDead', host })),
    on((host, random) => ({ kind: 'hang', host, requesters: requesters(random) })),
    on((host, random) => ({ kind: 'errorAnswers', host, status: 500, requesters: requesters(random) })),
    on((host, random) => ({
      kind: 'slowAnswers',
      host,
      delayMs: 100 * (1 + random.below(8)),
      requesters: requesters(random),
    })),
    on((host) => ({ kind: 'portDown', host })),
    on((host) => ({ kind: 'powerOff', host, back: 'thawed' })),
    on((host) => ({ kind: 'powerOff', host, back: 'rebooted' })),
    on((host, random) => ({
      kind: 'loss',
      host,
      direction: pick(random, ['fromHost', 'toHost'] as const),
      percent: 100,
    })),
  ];
}

function pick<T>(random: Random, list: readonly T[]): T {
  const one = list[random.below(list.length)];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
}

const onGrid = (ms: number): number => gridMs * Math.ceil(ms / gridMs);
