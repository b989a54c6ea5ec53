import { type DataPlane, directorTraits } from '../model/director-traits.ts';
import type { Host } from '../model/host.ts';
import type { DirectorKind } from '../model/spec.ts';
import { parseCounters } from './ipvs-parse.ts';
import { procNet, procNetIfAny } from './proc-net.ts';

/** What one director has done so far, and which addresses are its own. */
export interface DirectorState {
  /** Packets that it took for its virtual services; undefined where nothing counts them. */
  forwarded?: number;
  /** Its local IPv4 addresses, VIPs included. */
  addresses: string[];
}

/**
 * The sign that packets went through the director is, with IPVS, `/proc/net/ip_vs_stats_percpu`
 * (immediate, unlike `ipvsadm --stats`); with nftables, the counters of the rules that balance.
 */
export async function directorState(host: Host, kind: DirectorKind): Promise<DirectorState> {
  const counter = counterOf[directorTraits[kind].dataPlane];
  const [addresses, counters] = await Promise.all([localAddressesOf(host), counter.read(host)]);
  const forwarded = counter.packets(counters);
  return { addresses, ...(forwarded !== undefined && { forwarded }) };
}

const ipvsPackets = (text: string): number | undefined =>
  text.trim() === '' ? undefined : parseCounters(text).inPackets;

const counterOf: Record<
  DataPlane,
  { read: (host: Host) => Promise<string>; packets: (text: string) => number | undefined }
> = {
  ipvs: { read: (host) => procNetIfAny(host, 'ip_vs_stats_percpu'), packets: ipvsPackets },
  nftNetdev: {
    read: async (host) => (await host.exec('nft list table netdev drlab 2>/dev/null || :')).stdout,
    packets: ruleCounters,
  },
};

/** The sum over all rules of `nft list table`; undefined where no rule counts. */
export function ruleCounters(text: string): number | undefined {
  const counts = [...text.matchAll(/\bcounter packets (\d+) bytes/g)].map((match) => Number(match[1]));
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

/** IPv4 addresses that the host takes for its own. */
export const localAddressesOf = async (host: Host): Promise<string[]> =>
  localAddresses(await procNet(host, 'fib_trie'));

/** Of `/proc/net/fib_trie`: a leaf `|-- ADDRESS` whose next line is `/32 host LOCAL`. */
export function localAddresses(trie: string): string[] {
  const found = [...trie.matchAll(/\|-- (\S+)\s+\/32 host LOCAL/g)].map((match) => match[1] ?? '');
  return [...new Set(found)];
}
