import { formatIpv4, type Ipv4Network } from '../../util/ipv4.ts';
import type { Addressed } from './addressed.ts';
import { AddressPool, ipv4, layoutOf } from './addresses.ts';
import { MacPool } from './macs.ts';
import type { Networks } from './network.ts';
import type { PlannedHost } from './plan.ts';
import type { Problems } from './problems.ts';

/** @param vips written VIPs, which no host may get. */
export function giveAddresses(
  planned: PlannedHost[],
  networks: Networks,
  vips: number[],
  problems: Problems,
): Addressed[] {
  const pools = { lan: new AddressPool(networks.lan), outside: new AddressPool(networks.outside) };
  const macs = new MacPool();
  for (const host of planned) reserveGiven(host, pools[host.segment], macs, problems);
  for (const vip of vips) if (pools.lan.ownerOf(vip) === undefined) pools.lan.reserve(vip, 'VIP');
  const offsets = { lan: layoutOf(networks.lan.prefixLength), outside: outsideOffsets };

  // Real servers are the many: what is left is theirs. The outcome is in the order of the plan.
  const addressed = new Map<PlannedHost, Addressed>();
  const order = [...planned].sort(
    (a, b) => Number(a.role === 'realServer') - Number(b.role === 'realServer'),
  );
  for (const host of order) {
    const network = networks[host.segment];
    const ip = host.ip ?? taken(pools[host.segment].take(offsets[host.segment][host.role], host.name));
    if (ip === undefined) {
      problems.add(host.path, fullText(network, planned.length, host));
      return [];
    }
    const mac = host.mac ?? macs.take(host.role, host.number, host.name);
    const result: Addressed = { ...host, ip, mac, prefixLength: network.prefixLength };
    if (host.role === 'router') {
      const outsideIp = taken(pools.outside.take(outsideOffsets.router, host.name));
      if (outsideIp === undefined) {
        problems.add(['network', 'outside'], fullText(networks.outside, planned.length, host));
        return [];
      }
      result.outside = {
        ip: outsideIp,
        prefixLength: networks.outside.prefixLength,
        mac: macs.take('router', host.number + 1, host.name),
      };
    }
    addressed.set(host, result);
  }
  return planned.flatMap((host) => addressed.get(host) ?? []);
}

/** Only clients and the router live there; small networks begin at their first address. */
export const outsideOffsets = { router: 1, client: 10, director: 1, realServer: 1 };

function reserveGiven(host: PlannedHost, pool: AddressPool, macs: MacPool, problems: Problems): void {
  if (host.ip !== undefined) {
    const address = ipv4(host.ip);
    const owner = pool.ownerOf(address);
    const { base, prefixLength } = pool.network;
    const inside = address > base && address < base + 2 ** (32 - prefixLength) - 1;
    const network = `${formatIpv4(base)}/${prefixLength}`;
    if (!inside) {
      const first = formatIpv4(base + 1);
      const last = formatIpv4(base + 2 ** (32 - prefixLength) - 2);
      problems.add(
        [...host.path, 'ip'],
        `${host.name} has ${host.ip}, which is not a host address in ${network}; expected ${first} to ${last}.`,
      );
    } else if (owner !== undefined) {
      problems.add(
        [...host.path, 'ip'],
        `${host.ip} is the address of ${owner}; ${host.name} needs one of its own.`,
      );
    }
    pool.reserve(address, host.name);
  }
  if (host.mac !== undefined) {
    const owner = macs.ownerOf(host.mac);
    if (owner !== undefined) {
      problems.add(
        [...host.path, 'mac'],
        `${host.mac} is the MAC address of ${owner}; ${host.name} needs one of its own.`,
      );
    }
    macs.reserve(host.mac, host.name);
  }
}

const taken = (address: number | undefined) => (address === undefined ? undefined : formatIpv4(address));

function fullText({ base, prefixLength }: Ipv4Network, hosts: number, host: PlannedHost): string {
  const network = `${formatIpv4(base)}/${prefixLength}`;
  return `no address is left for ${host.name}: ${hosts} hosts and the VIPs do not fit into ${network}. Give «network» a larger subnet, or ask for fewer hosts.`;
}
