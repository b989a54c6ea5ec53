import { NotInLab } from '../util/errors.ts';
import { formatIpv4, parseIpv4 } from '../util/ipv4.ts';
import { plainAddress } from '../util/ipv6.ts';
import { type LabSpec, vipsOf, vrrpInstancesOf } from './spec.ts';

/** What checks use in networks that no lab has: away from the addresses that labs hand out, outside any LAN up to /16. */
export const elsewhere = { vip: '198.19.77.100', network: '198.19.78.0/24', rip: '198.19.78.11' } as const;

export interface FreeAddressOptions {
  /** Default: the LAN. */
  network?: { base: string; prefixLength: number };
  /**
   * Where to begin; the search goes round at the end. `last` (the default): downwards from the end, since labs hand out
   * from below. `middle`: upwards, away from both. `after`: upwards behind this address, or from the first one where it
   * is in another network.
   */
  from?: 'last' | 'middle' | { after: string };
}

/**
 * IPv4 addresses of a network that nothing in the lab has, and neither the network's own nor its broadcast address.
 * @throws {NotInLab} where there are not that many.
 */
export function freeAddresses(spec: LabSpec, n: number, options: FreeAddressOptions = {}): string[] {
  const { network = spec.network, from = 'last' } = options;
  const taken = takenAddresses(spec);
  const size = 2 ** (32 - network.prefixLength);
  const base = Math.floor((parseIpv4(network.base) ?? 0) / size) * size;
  const [begin, step] = from === 'last' ? [size - 2, -1] : [firstOffset(from, base, size), 1];
  const free: string[] = [];
  for (let i = 0; i < size && free.length < n; i++) {
    const offset = (((begin + i * step) % size) + size) % size;
    const address = formatIpv4(base + offset);
    if (offset > 0 && offset < size - 1 && !taken.has(address)) free.push(address);
  }
  if (free.length === n) return free;
  const where = `${formatIpv4(base)}/${network.prefixLength}`;
  throw new NotInLab(
    `the network ${where} of lab «${spec.name}» has no ${n} free address${n === 1 ? '' : 'es'}`,
  );
}

function firstOffset(from: 'middle' | { after: string }, base: number, size: number): number {
  if (from === 'middle') return size >>> 1;
  const offset = (parseIpv4(from.after) ?? base) - base;
  return offset >= 0 && offset < size ? offset + 1 : 1;
}

/**
 * Every address of either family that something in the lab has: all addresses of hosts and machines, VIPs, gateways,
 * and what checks use elsewhere. IPv6 addresses as RFC 5952 writes them.
 */
export function takenAddresses(spec: LabSpec): Set<string> {
  const ofHosts = spec.hosts.flatMap(
    ({ ip, addresses = [], ip6, gateway, outside, machine, interfaces = [] }) => [
      ip,
      ...interfaces.flatMap((one) => one.addresses),
      ...addresses,
      ip6?.address,
      gateway,
      outside?.ip,
      machine?.address,
      machine?.jump?.address,
    ],
  );
  const vips = [...vipsOf(spec), ...vrrpInstancesOf(spec).flatMap((instance) => instance.vips)];
  const all = [...ofHosts, ...vips, elsewhere.vip, elsewhere.rip];
  return new Set(all.filter((one) => one !== undefined).map((one) => plainAddress(one.replace(/\/.*/, ''))));
}
