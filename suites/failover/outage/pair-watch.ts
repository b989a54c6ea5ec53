import type { Lab, RunningCapture } from '../../../src/model/lab.ts';
import { type HostSpec, hostsOf, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { localAddressesOf } from '../../../src/probe/forwarding.ts';
import { procNet } from '../../../src/probe/proc-net.ts';
import { Lateness } from '../../../src/util/lateness.ts';
import { until } from '../../../src/util/until.ts';
import { clientOf, gatewayOf } from '../../common/subjects.ts';
import { Load, type LoadRecord, type Moment, pause } from './load.ts';
import { vrrpFilter, type Words, wordsIn } from './vrrp-wire.ts';

/** From a moment on: who has the VIP, by name. */
export interface Owning {
  tMs: number;
  who: string[];
}

/** From a moment on: the MAC address that a host sends to for the VIP; null: it would ask first. */
export interface NeighbourEntrySeen {
  tMs: number;
  host: string;
  mac: string | null;
}

/** All that was seen of a pair, on one clock. */
export interface PairRecord extends Words {
  vip: string;
  owners: Owning[];
  neighbourEntries: NeighbourEntrySeen[];
  moments: Moment[];
  /** The worst that timers were late meanwhile. */
  slipMs: number;
  load?: LoadRecord;
}

/** Between two looks at addresses and neighbour entries. */
export const everyMs = 20;

/** Everyone who sends to the VIP on the segment: clients there, and routers of those who are not. */
const requestersOf = (spec: LabSpec): HostSpec[] => [
  ...new Set([
    gatewayOf(spec, clientOf(spec)),
    ...hostsOf(spec, 'client').map((one) => gatewayOf(spec, one)),
  ]),
];

/**
 * Watches a pair of directors while things are done to it: every holder of the first VIP, every neighbour entry for
 * it, every word of VRRP and ARP on the segment, and, where asked for, the load.
 */
export class PairWatch {
  readonly vip: string;
  readonly moments: Moment[] = [];
  readonly #owners: Owning[] = [];
  readonly #neighbourEntries: NeighbourEntrySeen[] = [];
  #watching = true;
  #looking: Promise<void> = Promise.resolve();

  private constructor(
    private readonly lab: Lab,
    private readonly capture: RunningCapture,
    private readonly load: Load | undefined,
    private readonly lateness: Lateness,
    /** Of performance.now(). */
    private readonly zeroMs: number,
  ) {
    this.vip = vipsOf(lab.spec)[0] ?? '';
  }

  static async start(lab: Lab, o: { load?: boolean } = {}): Promise<PairWatch> {
    const capture = await lab.capture({ filter: vrrpFilter });
    const load = o.load ? await Load.start(lab) : undefined;
    const lateness = await Lateness.start();
    const watch = new PairWatch(lab, capture, load, lateness, performance.now() - (load?.nowMs() ?? 0));
    await watch.#look();
    watch.#looking = watch.#lookOn();
    // `stop` reports what went wrong with it; a check that broke never gets there.
    watch.#looking.catch(() => {});
    return watch;
  }

  nowMs(): number {
    return performance.now() - this.zeroMs;
  }

  /** Does something to the lab, and notes when. */
  async act<T>(label: string, what: () => Promise<T>): Promise<T> {
    const fromMs = this.nowMs();
    const result = await what();
    this.moments.push({ label, fromMs, toMs: this.nowMs(), tMs: fromMs });
    return result;
  }

  /** Who has the VIP now. */
  get holders(): string[] {
    return this.#owners.at(-1)?.who ?? [];
  }

  /** When that was first seen. */
  get lastMs(): number {
    return this.#owners.at(-1)?.tMs ?? 0;
  }

  /** Waits until these directors and no others have the VIP. @returns whether they came to have it in time. */
  untilHeldBy(names: string[], withinMs: number): Promise<boolean> {
    const same = () => [...names].sort().join() === [...this.holders].sort().join();
    return until(`${names.join(' and ')} to have ${this.vip}`, () => same() || undefined, {
      withinMs,
      everyMs,
    }).catch(() => false);
  }

  async stop(): Promise<{ record: PairRecord; pcap: Uint8Array }> {
    const slipMs = await this.lateness.stop();
    this.#watching = false;
    await this.#looking;
    const load = await this.load?.stop();
    const pcap = await this.capture.stop();
    const zeroUs = 1000 * (performance.timeOrigin + this.zeroMs);
    return {
      pcap,
      record: {
        vip: this.vip,
        owners: this.#owners,
        neighbourEntries: this.#neighbourEntries,
        moments: this.moments,
        slipMs,
        ...wordsIn(pcap, this.lab.spec, zeroUs),
        ...(load && { load: { ...load, moments: this.moments } }),
      },
    };
  }

  async #lookOn(): Promise<void> {
    while (this.#watching) {
      await pause(everyMs);
      await this.#look();
    }
  }

  /** A host that is being rebooted cannot be looked at, and holds nothing. */
  async #look(): Promise<void> {
    const directors = hostsOf(this.lab.spec, 'director').map(({ name }) => name);
    const held = await Promise.all(
      directors.map((name) => localAddressesOf(this.lab.host(name)).catch(() => [] as string[])),
    );
    const who = directors.filter((_, i) => held[i]?.includes(this.vip));
    const tMs = this.nowMs();
    if (who.join() !== this.holders.join() || this.#owners.length === 0) this.#owners.push({ tMs, who });
    for (const { name: host } of requestersOf(this.lab.spec)) {
      const mac = macFor(this.vip, await procNet(this.lab.host(host), 'arp'));
      const last = this.#neighbourEntries.findLast((one) => one.host === host);
      if (!last || last.mac !== mac) this.#neighbourEntries.push({ tMs: this.nowMs(), host, mac });
    }
  }
}

/** Of `/proc/net/arp`; flag 2 is a complete entry. */
export function macFor(ip: string, table: string): string | null {
  for (const line of table.split('\n')) {
    const [address, , flags, mac] = line.split(/\s+/);
    if (address === ip && (Number(flags) & 2) !== 0) return mac ?? null;
  }
  return null;
}

/** Spans in which more than one director had the VIP. */
export function sharedSpans({
  owners,
}: Pick<PairRecord, 'owners'>): { fromMs: number; toMs: number | null }[] {
  return owners.flatMap(({ tMs, who }, i) =>
    who.length > 1 ? [{ fromMs: tMs, toMs: owners[i + 1]?.tMs ?? null }] : [],
  );
}

/** What the host sent to for the VIP at a moment. */
export const neighbourEntryAt = (
  { neighbourEntries }: Pick<PairRecord, 'neighbourEntries'>,
  host: string,
  tMs: number,
): string | null => neighbourEntries.findLast((one) => one.host === host && one.tMs <= tMs)?.mac ?? null;

/** What each host sent to in the end. */
export const lastNeighbourEntries = ({
  neighbourEntries,
}: Pick<PairRecord, 'neighbourEntries'>): NeighbourEntrySeen[] =>
  [...new Set(neighbourEntries.map(({ host }) => host))].flatMap(
    (host) => neighbourEntries.findLast((one) => one.host === host) ?? [],
  );
