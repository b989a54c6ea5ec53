import { parseIpv4 } from '../../../src/util/ipv4.ts';
import { available, type Choose, type Server } from './server.ts';

/** sh and dh: a multiplicative hash into a table of 256 buckets. Linux hash_32(), ip_vs_sh.c, ip_vs_dh.c. */

const buckets = 256;
const goldenRatio32 = 0x61c88647;

/** The upper `bits` of the product modulo 2^32. */
export const hash32 = (value: number, bits: number): number =>
  Math.imul(value, goldenRatio32) >>> (32 - bits);

/** An address in host order; IPv4 only. */
export function ipNumber(ip: string): number {
  const number = parseIpv4(ip);
  if (number === undefined) throw new Error(`«${ip}» is not an IPv4 address`);
  return number;
}

/** Walks the list in a cycle; each server gets its turn's worth of consecutive buckets, and at least one. */
function fill(servers: readonly Server[], turn: (server: Server) => number): Server[] {
  const round = servers.flatMap((server) => Array<Server>(Math.max(1, turn(server))).fill(server));
  return Array.from({ length: round.length > 0 ? buckets : 0 }, (_, i) => round[i % round.length] as Server);
}

/** The table of sh: even weight 0 owns a bucket of each round. */
export const sourceTable = (servers: readonly Server[]): Server[] => fill(servers, ({ weight }) => weight);

export interface HashFlags {
  /** `sh-port`, `mh-port`: the source port is added to the address. */
  port?: boolean;
  /** `sh-fallback`, `mh-fallback`: where the server is not available, another one is looked for. */
  fallback?: boolean;
}

/** @returns the bucket, 0 to 255. */
export const sourceBucket = (ip: string, port = 0): number => hash32(ipNumber(ip) + port, 8);

export const sourceHash =
  (flags: HashFlags = {}): Choose =>
  (servers, { srcIp, srcPort }) => {
    const table = sourceTable(servers);
    const first = sourceBucket(srcIp, flags.port ? srcPort : 0);
    return pick(table, first, (offset) => (offset + first) % buckets, flags);
  };

/** dh: by the address that the client asks for, so that one VIP is always one server's; weights do not count. */
export const destinationHash: Choose = (servers, { dstIp }) => {
  const server = fill(servers, () => 1)[sourceBucket(dstIp)];
  return server && available(server) ? server : undefined;
};

/**
 * The server of a bucket; where it is not available and fallback is on, that of the first bucket that has one.
 * The search goes through the offsets from `first` upwards, and each offset is hashed again.
 */
export function pick(
  table: readonly Server[],
  first: number,
  bucketAt: (offset: number) => number,
  { fallback }: HashFlags,
): Server | undefined {
  const own = table[first];
  if (!own || available(own)) return own;
  if (!fallback) return undefined;
  for (let i = 0; i < table.length; i++) {
    const server = table[bucketAt((i + first) % table.length)];
    if (server && available(server)) return server;
  }
  return undefined;
}
