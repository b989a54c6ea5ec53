import type { Host } from '../model/host.ts';
import type { DirectorKind } from '../model/spec.ts';
import { parseCounters } from './ipvs-parse.ts';

/** What one director has done so far, and which addresses are its own. */
export interface DirectorState {
  /** Packets that it took for its virtual services; undefined where nothing counts them. */
  forwarded?: number;
  /** Its local IPv4 addresses, VIPs included. */
  addresses: string[];
}

/**
 * One round trip. The sign that packets went through the director is, with IPVS, `/proc/net/ip_vs_stats_percpu`
 * (immediate, unlike `ipvsadm --stats`); with nftables, the counters of the rules that balance.
 */
export async function directorState(host: Host, kind: DirectorKind): Promise<DirectorState> {
  const counting = kind === 'nftables' ? 'nft list table netdev drlab' : 'cat /proc/net/ip_vs_stats_percpu';
  const { stdout } = await host.exec(`cat /proc/net/fib_trie; echo '=='; ${counting} 2>/dev/null || :`);
  const [trie = '', counters = ''] = stdout.split('\n==\n');
  const forwarded = kind === 'nftables' ? ruleCounters(counters) : ipvsPackets(counters);
  return { addresses: localAddresses(trie), ...(forwarded !== undefined && { forwarded }) };
}

const ipvsPackets = (text: string): number | undefined =>
  text.trim() === '' ? undefined : parseCounters(text).inPackets;

/** The sum over all rules of `nft list table`; undefined where no rule counts. */
export function ruleCounters(text: string): number | undefined {
  const counts = [...text.matchAll(/\bcounter packets (\d+) bytes/g)].map((match) => Number(match[1]));
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

/** Of `/proc/net/fib_trie`: a leaf `|-- ADDRESS` whose next line is `/32 host LOCAL`. */
export function localAddresses(trie: string): string[] {
  const found = [...trie.matchAll(/\|-- (\S+)\s+\/32 host LOCAL/g)].map((match) => match[1] ?? '');
  return [...new Set(found)];
}
