import type { Host } from '../model/host.ts';
import { formatIpv4 } from '../util/ipv4.ts';
import { ProbeFailed } from './errors.ts';
import type { Connection } from './ipvs-parse.ts';

/** What IPVS says about its tables besides their rows. */

/** In seconds, as `ipvsadm --set` takes them. */
export interface Timeouts {
  establishedS: number;
  finS: number;
  udpS: number;
}

/** One real server of a service and how many entries it has. */
export interface Activity {
  rip: string;
  weight: number;
  /** Half open and ESTABLISHED entries; never those of UDP. */
  active: number;
  /** All other entries. */
  inactive: number;
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

/** The real servers of one TCP or UDP service in `/proc/net/ip_vs`, in the kernel's own order. */
export function parseActivity(text: string, protocol: 'tcp' | 'udp', vip: string, port: number): Activity[] {
  const servers: Activity[] = [];
  let ours = false;
  for (const line of text.split('\n')) {
    const [first = '', second = '', , weight, active, inactive] = line.trim().split(/\s+/);
    const [address = '', hexPort = ''] = second.split(':');
    const ip = formatIpv4(Number.parseInt(address, 16));
    if (first !== '->')
      ours = first.toLowerCase() === protocol && ip === vip && Number.parseInt(hexPort, 16) === port;
    else if (ours)
      servers.push({ rip: ip, weight: Number(weight), active: Number(active), inactive: Number(inactive) });
  }
  return servers;
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

export async function activity(
  host: Host,
  service: { protocol: 'tcp' | 'udp'; vip: string; port: number },
): Promise<Activity[]> {
  const { stdout } = await host.exec('exec cat /proc/net/ip_vs');
  return parseActivity(stdout, service.protocol, service.vip, service.port);
}
