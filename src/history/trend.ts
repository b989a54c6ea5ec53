import type { Fingerprint, RunLine, Trend } from '../model/history.ts';
import { changePoints } from '../statistics/change-point.ts';
import { noiseBand } from '../statistics/noise.ts';
import { isSame } from './fingerprint.ts';
import { isNight, keyOf } from './line.ts';

/**
 * How every figure went over the runs of one fingerprint.
 * @param runs the oldest first; others than those of the fingerprint are left out
 * @param last how many of them
 * @param seed of the permutations behind the change points
 */
export function trendsOf(
  runs: readonly RunLine[],
  fingerprint: Fingerprint,
  { last = 200, seed = 1, centreOf = 7 }: { last?: number; seed?: number; centreOf?: number } = {},
): Trend[] {
  const own = runs.filter((run) => isNight(run) && isSame(run.fingerprint, fingerprint)).slice(-last);
  const trends = new Map<string, Trend>();
  for (const { id, startedAt, figures } of own) {
    for (const figure of figures) {
      const { value, ...what } = figure;
      const trend = trends.get(keyOf(figure)) ?? { ...what, points: [], changes: [] };
      trend.points.push({ run: id, startedAt, value });
      trends.set(keyOf(figure), trend);
    }
  }
  return [...trends.values()].map((trend) => read(trend, seed, centreOf));
}

function read(trend: Trend, seed: number, centreOf: number): Trend {
  const values = trend.points.map(({ value }) => value);
  const band = noiseBand(values, { centreOf });
  const changes = changePoints(values, { seed }).flatMap(({ at, ...change }) => {
    const point = trend.points[at];
    return point ? [{ run: point.run, startedAt: point.startedAt, ...change }] : [];
  });
  return {
    ...trend,
    changes,
    ...(band && { band: { centre: band.centre, low: band.low, high: band.high } }),
  };
}
