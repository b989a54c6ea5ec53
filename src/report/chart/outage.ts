import type { ProbePoint, Stretch } from '../../model/measurement.ts';

/** For records that do not say how outages were measured: runs of consecutive bad probes, by planned time. */
export function outagesOf(points: ProbePoint[], durationMs: number): Stretch[] {
  const found: Stretch[] = [];
  let open: Stretch | undefined;
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
export function longestOutage(outages: Stretch[]): Stretch | undefined {
  const longest = outages.reduce<Stretch | undefined>(
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
