import type { Figure } from '../../../src/model/measurement.ts';
import { hostSpec, type LabSpec } from '../../../src/model/spec.ts';
import { type LoadRecord, longestFrom } from './load.ts';
import type { PairRecord } from './pair-watch.ts';

/*
 *   outage: ├── detection ──▶ new master acts ── take-over ──▶ VIP and advertisement ── ARP ──▶ all neighbours ── recovery ──▶┤
 */

/**
 * The longest outage of new connections, cut into phases that add up to it, in whole milliseconds; null: that phase
 * never ended, or it is not the outage of the take-over.
 */
export interface Phases {
  detectionMs: number | null;
  takeOverMs: number | null;
  arpMs: number | null;
  /** Of each stream, until its own outage ended. */
  recovery: { stream: string; ms: number | null }[];
}

/** Pure. Addresses and neighbour entries are known as finely as they were looked at, adverts to the microsecond. */
export function phasesOf(
  seen: Pick<PairRecord, 'owners' | 'adverts' | 'neighbourEntries'>,
  load: Pick<LoadRecord, 'streams'>,
  o: {
    faultMs: number;
    /** Of the outages, those after this. */
    fromMs: number;
    newMaster: string;
    spec: LabSpec;
  },
): Phases {
  const outages = load.streams.map((stream) => ({ ...stream, longest: longestFrom(stream, o.fromMs) }));
  const { firstMs, bothMs, movedMs } = stepsOf(seen, o);
  const found = outages.find(({ name }) => name === 'new connections')?.longest;
  // What began when all had moved is another outage than that of the take-over.
  const longest = found && found.fromMs <= (movedMs ?? Number.POSITIVE_INFINITY) ? found : undefined;
  // On the time line of the outage, from its begin and to its end.
  const on = (ms: number | null): number | null =>
    ms === null || !longest
      ? null
      : Math.round(Math.min(Math.max(ms, longest.fromMs), longest.toMs) - longest.fromMs);
  const span = (from: number | null, to: number | null) => (from === null || to === null ? null : to - from);
  const [first, both, moved] = [on(firstMs), on(bothMs), on(movedMs)];
  return {
    detectionMs: span(0, first),
    takeOverMs: span(first, both),
    arpMs: span(both, moved),
    recovery: outages.map(({ name, longest: own }) => {
      const endMs = own?.ended && longest ? Math.round(own.toMs - longest.fromMs) : null;
      return { stream: name, ms: endMs === null || moved === null ? null : Math.max(0, endMs - moved) };
    }),
  };
}

/** When the new master first showed, when it had VIP and advertisement, and when all neighbours also sent to it. */
function stepsOf(
  seen: Pick<PairRecord, 'owners' | 'adverts' | 'neighbourEntries'>,
  { faultMs, newMaster, spec }: { faultMs: number; newMaster: string; spec: LabSpec },
) {
  const after = <T extends { tMs: number }>(all: T[], is: (one: T) => boolean): number | null =>
    all.find((one) => one.tMs >= faultMs && is(one))?.tMs ?? null;
  const advertMs = after(seen.adverts, ({ from, priority }) => from === newMaster && priority > 0);
  const heldMs = after(seen.owners, ({ who }) => who.includes(newMaster));
  const { mac } = hostSpec(spec, newMaster);
  const moved = [...new Set(seen.neighbourEntries.map(({ host }) => host))].map((host) =>
    after(seen.neighbourEntries, (one) => one.host === host && one.mac === mac),
  );
  const bothMs = most([advertMs, heldMs]);
  return { firstMs: least(advertMs, heldMs), bothMs, movedMs: most([bothMs, ...moved]) };
}

/** Null where one never came. */
const most = (all: (number | null)[]): number | null =>
  all.includes(null) ? null : Math.max(...all.map((one) => one ?? 0));

const least = (...all: (number | null)[]): number | null => {
  const there = all.flatMap((one) => one ?? []);
  return there.length > 0 ? Math.min(...there) : null;
};

export function figuresOfPhases({ detectionMs, takeOverMs, arpMs, recovery }: Phases): Figure[] {
  const named: [string, number | null][] = [
    ['first failed connection to the first sign of the new master (detection)', detectionMs],
    ['detection to VIP and advertisement (take-over)', takeOverMs],
    ['take-over to the last neighbour entry (ARP)', arpMs],
    ...recovery.map(({ stream, ms }): [string, number | null] => [
      `ARP to the end of the outage of ${stream}`,
      ms,
    ]),
  ];
  return named.flatMap(([name, value]) =>
    value === null ? [] : [{ name, value, unit: 'ms', better: 'lower' as const }],
  );
}
