import type { ProbePoint } from '../../model/measurement.ts';

export interface Outage {
  /** Planned time of the first probe without a good answer. */
  fromMs: number;
  /** Planned time of the next good one; the end of the observation where there was none. */
  toMs: number;
  /** Probes in it. */
  bad: number;
  /** Whether a good answer ended it. */
  ended: boolean;
}

/** Runs of consecutive bad probes, by planned time. */
export function outagesOf(points: ProbePoint[], durationMs: number): Outage[] {
  const found: Outage[] = [];
  let open: Outage | undefined;
  for (const point of [...points].sort((a, b) => a.tMs - b.tMs)) {
    if (point.latencyMs === null) {
      open ??= { fromMs: point.tMs, toMs: durationMs, bad: 0, ended: false };
      open.bad += 1;
    } else if (open) {
      found.push({ ...open, toMs: point.tMs, ended: true });
      open = undefined;
    }
  }
  return open ? [...found, open] : found;
}

/** The longest of them, when it is more than a single lost probe. */
export function longestOutage(outages: Outage[]): Outage | undefined {
  const longest = outages.reduce<Outage | undefined>(
    (best, one) => (best && best.toMs - best.fromMs >= one.toMs - one.fromMs ? best : one),
    undefined,
  );
  return longest && longest.bad >= 2 ? longest : undefined;
}

/** Median time between probes: a boundary is known no better than that. */
export function spacingMs(points: ProbePoint[]): number {
  const times = points.map(({ tMs }) => tMs).sort((a, b) => a - b);
  const gaps = times
    .slice(1)
    .map((tMs, index) => tMs - (times[index] ?? tMs))
    .sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? 0;
}
