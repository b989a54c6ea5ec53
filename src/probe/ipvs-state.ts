import type { Host } from '../model/host.ts';
import { ProbeFailed } from './errors.ts';
import type { Connection } from './ipvs-parse.ts';

/** What IPVS says about its connection table apart from the rows. */

/** In seconds, as `ipvsadm --set` takes them. */
export interface Timeouts {
  establishedS: number;
  finS: number;
  udpS: number;
}

/** A row that stands for a client, not for a connection: it has no client port. */
export const isTemplate = (entry: Connection): boolean => entry.cport === 0;

/** @throws {ProbeFailed} when the text is not that of `ipvsadm -L --timeout`. */
export function parseTimeouts(text: string): Timeouts {
  const found = /\(tcp tcpfin udp\): (\d+) (\d+) (\d+)/.exec(text);
  if (!found) throw new ProbeFailed(`ipvsadm -L --timeout said «${text.trim()}»`);
  return { establishedS: Number(found[1]), finS: Number(found[2]), udpS: Number(found[3]) };
}

/** Buckets of the connection table, from the first line of `/proc/net/ip_vs`. @throws {ProbeFailed} */
export function parseBuckets(text: string): number {
  const found = /\(size=(\d+)\)/.exec(text);
  if (!found) throw new ProbeFailed('no table size in /proc/net/ip_vs');
  return Number(found[1]);
}

export async function timeouts(host: Host): Promise<Timeouts> {
  return parseTimeouts((await host.exec('exec ipvsadm -L --timeout')).stdout);
}

/** Sets all three. */
export async function setTimeouts(host: Host, { establishedS, finS, udpS }: Timeouts): Promise<void> {
  await host.exec(`exec ipvsadm --set ${establishedS} ${finS} ${udpS}`);
}

export async function buckets(host: Host): Promise<number> {
  return parseBuckets((await host.exec('exec head -n 1 /proc/net/ip_vs')).stdout);
}
