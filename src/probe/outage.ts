import type { ProbePoint, Stretch } from '../model/measurement.ts';

/** What a stream of probes says about the time in which there was no service. */
export interface Outage {
  /** Planned time of the first and of the last bad probe. */
  firstBadMs: number | null;
  lastBadMs: number | null;
  /** The longest stretch without a good answer, ± `resolutionMs`. */
  contiguousMs: number;
  /** All of them; records of older versions lack them. */
  stretches?: Stretch[];
  bad: number;
  /** bad / rate: also sees outages that hit only some of the flows; of a stall it misses the last `lateMs`. */
  lossDerivedMs: number;
  /** 1 / rate. */
  resolutionMs: number;
  /** Connections that were reset or closed under a probe. */
  resets: number;
  /** No answer in time, or too late a one. */
  silent: number;
  refused: number;
}

/** A probe with what the instrument knows about itself. */
export interface TimedPoint extends ProbePoint {
  /** How late it was sent. */
  lagMs?: number;
  /** How long the answer may have lain there before the instrument looked. */
  deafMs?: number;
}

/**
 * How much slower than usual an answer may be before it counts as none: above what one CPU shared by a whole lab
 * adds to an answer (140 ms were seen in User-Mode Linux), below any failover. A longer stall is measured in full.
 */
export const lateMs = 250;

/**
 * Pure. Every time without service. A probe is bad when no good answer came, or one more than `lateAfterMs` slower than
 * usual, the instrument's own lag not counted. A stretch of bad probes begins with the planned time of the first one; it
 * ends when the first answer came back to anything planned since (so a stall whose probes are all answered in the end is
 * measured in full), but not before the last bad one was due.
 * @param points in the order of their planned times
 */
export function stretchesOf(points: TimedPoint[], rateHz: number, lateAfterMs = lateMs): Stretch[] {
  const usualMs = usualLatencyMs(points);
  const isBad = badnessOf(points, lateAfterMs);
  const answeredFrom = earliestAnswers(points);
  const found: Stretch[] = [];
  let stretch: Stretch | undefined;
  let answeredMs = Number.POSITIVE_INFINITY;
  points.forEach((point, i) => {
    if (!isBad(point)) {
      stretch = undefined;
      return;
    }
    if (!stretch) {
      stretch = { fromMs: point.tMs, toMs: point.tMs, bad: 0, ended: false };
      answeredMs = answeredFrom[i] ?? Number.POSITIVE_INFINITY;
      found.push(stretch);
    }
    stretch.bad += 1;
    stretch.ended = Number.isFinite(answeredMs);
    stretch.toMs = stretch.ended ? Math.max(point.tMs, answeredMs - usualMs) : point.tMs + 1000 / rateHz;
  });
  return found;
}

export const lengthOf = ({ fromMs, toMs }: Stretch): number => toMs - fromMs;

/** Pure: what all stretches say together. */
export function outageOf(points: TimedPoint[], rateHz: number, lateAfterMs = lateMs): Outage {
  const resolutionMs = 1000 / rateHz;
  const bad = points.filter(badnessOf(points, lateAfterMs));
  const stretches = stretchesOf(points, rateHz, lateAfterMs);
  const errors = (...names: string[]) => bad.filter((point) => names.includes(point.error ?? 'late')).length;
  return {
    firstBadMs: bad[0]?.tMs ?? null,
    lastBadMs: bad.at(-1)?.tMs ?? null,
    contiguousMs: Math.max(0, ...stretches.map(lengthOf)),
    stretches,
    bad: bad.length,
    lossDerivedMs: bad.length * resolutionMs,
    resolutionMs,
    resets: errors('reset', 'closed'),
    silent: errors('timeout', 'unreachable', 'late'),
    refused: errors('refused'),
  };
}

function badnessOf(points: TimedPoint[], lateAfterMs: number): (point: TimedPoint) => boolean {
  const usualMs = usualLatencyMs(points);
  return ({ error, latencyMs, lagMs = 0, deafMs = 0 }) =>
    error !== undefined || latencyMs === null || latencyMs - lagMs - deafMs > usualMs + lateAfterMs;
}

/** For each index, when the first answer arrived to a probe planned there or later. */
function earliestAnswers(points: TimedPoint[]): number[] {
  const earliest = new Array<number>(points.length);
  let soonest = Number.POSITIVE_INFINITY;
  for (let i = points.length - 1; i >= 0; i -= 1) {
    const point = points[i];
    if (point && point.latencyMs !== null && point.error === undefined) {
      soonest = Math.min(soonest, point.tMs + point.latencyMs);
    }
    earliest[i] = soonest;
  }
  return earliest;
}

/** The fastest tenth, since a long stall would drag a median along. */
function usualLatencyMs(points: TimedPoint[]): number {
  const sorted = points.flatMap((point) => point.latencyMs ?? []).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 10)] ?? 0;
}
