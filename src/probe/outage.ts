import type { ProbePoint } from '../model/measurement.ts';

/** What a stream of probes says about the time in which there was no service. */
export interface Outage {
  /** Planned time of the first and of the last bad probe. */
  firstBadMs: number | null;
  lastBadMs: number | null;
  /** The longest stretch without a good answer, ± `resolutionMs`. */
  contiguousMs: number;
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
 * Pure. A probe is bad when no good answer came, or one more than `lateAfterMs` slower than usual, the
 * instrument's own lag not counted. A stretch of bad probes begins with the planned time of the first one; it ends when
 * the first answer came back to anything planned since (so a stall whose probes are all answered in the end is
 * measured in full), but not before the last bad one was due.
 * @param points in the order of their planned times
 */
export function outageOf(points: TimedPoint[], rateHz: number, lateAfterMs = lateMs): Outage {
  const resolutionMs = 1000 / rateHz;
  const usualMs = usualLatencyMs(points);
  const answeredFrom = earliestAnswers(points);
  const isBad = (point: TimedPoint) =>
    point.error !== undefined ||
    point.latencyMs === null ||
    point.latencyMs - (point.lagMs ?? 0) - (point.deafMs ?? 0) > usualMs + lateAfterMs;

  const bad: TimedPoint[] = [];
  let contiguousMs = 0;
  let stretch: { beginMs: number; answeredMs: number } | undefined;
  points.forEach((point, i) => {
    if (!isBad(point)) {
      stretch = undefined;
      return;
    }
    bad.push(point);
    stretch ??= { beginMs: point.tMs, answeredMs: answeredFrom[i] ?? Number.POSITIVE_INFINITY };
    const endMs = Number.isFinite(stretch.answeredMs)
      ? Math.max(point.tMs, stretch.answeredMs - usualMs)
      : point.tMs + resolutionMs;
    contiguousMs = Math.max(contiguousMs, endMs - stretch.beginMs);
  });

  const errors = (...names: string[]) => bad.filter((point) => names.includes(point.error ?? 'late')).length;
  return {
    firstBadMs: bad[0]?.tMs ?? null,
    lastBadMs: bad.at(-1)?.tMs ?? null,
    contiguousMs,
    bad: bad.length,
    lossDerivedMs: bad.length * resolutionMs,
    resolutionMs,
    resets: errors('reset', 'closed'),
    silent: errors('timeout', 'unreachable', 'late'),
    refused: errors('refused'),
  };
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
