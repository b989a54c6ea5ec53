import { parseIpv6 } from '../../src/util/ipv6.ts';
import { hash32, sourceTable } from '../scheduler/oracle/hash.ts';
import type { Server } from '../scheduler/oracle/server.ts';

/** What sh makes of an IPv6 address: its four words, folded by exclusive or. Linux ip_vs_sh_hashkey(). */
export function foldedIpv6(address: string): number {
  const groups = parseIpv6(address);
  if (!groups) throw new RangeError(`«${address}» is not an IPv6 address`);
  const word = (i: number): number => ((groups[2 * i] ?? 0) << 16) | (groups[2 * i + 1] ?? 0);
  return (word(0) ^ word(1) ^ word(2) ^ word(3)) >>> 0;
}

/** The server that sh sends each of these addresses to; servers in the kernel's order. */
export function hashed6(
  servers: readonly Pick<Server, 'name' | 'weight'>[],
  addresses: readonly string[],
): string[] {
  const table = sourceTable(servers.map((server) => ({ ...server, ip: '', active: 0, inactive: 0 })));
  return addresses.map((address) => table[hash32(foldedIpv6(address), 8)]?.name ?? 'nobody');
}
