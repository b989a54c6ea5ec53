import type { Figure } from '../../../src/model/measurement.ts';
import { hostSpec, type LabSpec } from '../../../src/model/spec.ts';
import type { LoadRecord } from './load.ts';
import type { PairRecord } from './pair-watch.ts';

/*
 *   fault ── detection ──▶ new master acts ── take-over ──▶ VIP and advertisement ── ARP ──▶ all neighbours ── recovery ──▶ answer
 */

/** A failover from its fault on, each phase from the end of the one before, in milliseconds; null: it never ended. */
export interface Phases {
  detectionMs: number | null;
  takeOverMs: number | null;
  arpMs: number | null;
  /** Of each stream, until the first good answer to something that was sent after the fault. */
  recovery: { stream: string; ms: number | null }[];
}

/** Pure. Addresses and neighbour entries are known as finely as they were looked at, adverts to the microsecond. */
export function phasesOf(
  seen: Pick<PairRecord, 'owners' | 'adverts' | 'neighbourEntries'>,
  load: Pick<LoadRecord, 'streams'>,
  { faultMs, newMaster, spec }: { faultMs: number; newMaster: string; spec: LabSpec },
): Phases {
  const after = <T extends { tMs: number }>(all: T[], is: (one: T) => boolean): number | null =>
    all.find((one) => one.tMs >= faultMs && is(one))?.tMs ?? null;
  const advertMs = after(seen.adverts, ({ from, priority }) => from === newMaster && priority > 0);
  const heldMs = after(seen.owners, ({ who }) => who.includes(newMaster));
  const firstMs = least(advertMs, heldMs);
  const bothMs = advertMs === null || heldMs === null ? null : Math.max(advertMs, heldMs);
  const { mac } = hostSpec(spec, newMaster);
  const moved = [...new Set(seen.neighbourEntries.map(({ host }) => host))].map((host) =>
    after(seen.neighbourEntries, (one) => one.host === host && one.mac === mac),
  );
  const movedMs = moved.includes(null) ? null : Math.max(...moved.map((ms) => ms ?? 0));
  const arpEndMs = movedMs === null || bothMs === null ? null : Math.max(movedMs, bothMs);
  const span = (from: number | null, to: number | null) =>
    from === null || to === null ? null : Math.max(0, Math.round(to - from));
  return {
    detectionMs: span(faultMs, firstMs),
    takeOverMs: span(firstMs, bothMs),
    arpMs: span(bothMs, arpEndMs),
    recovery: load.streams.map(({ name, points }) => {
      // What the failed director still answered does not count.
      const answers = points
        .filter(({ tMs, latencyMs }) => tMs >= (firstMs ?? faultMs) && latencyMs !== null)
        .map(({ tMs, latencyMs }) => tMs + (latencyMs ?? 0));
      return { stream: name, ms: span(arpEndMs, answers.length > 0 ? Math.min(...answers) : null) };
    }),
  };
}

const least = (...all: (number | null)[]): number | null => {
  const there = all.flatMap((one) => one ?? []);
  return there.length > 0 ? Math.min(...there) : null;
};

export function figuresOfPhases({ detectionMs, takeOverMs, arpMs, recovery }: Phases): Figure[] {
  const named: [string, number | null][] = [
    ['fault to the first sign of the new master (detection)', detectionMs],
    ['detection to VIP and advertisement (take-over)', takeOverMs],
    ['take-over to the last neighbour entry (ARP)', arpMs],
    ...recovery.map(({ stream, ms }): [string, number | null] => [
      `ARP to the first answer of ${stream}`,
      ms,
    ]),
  ];
  return named.flatMap(([name, value]) =>
    value === null ? [] : [{ name, value, unit: 'ms', better: 'lower' as const }],
  );
}
