import type { Host } from '../model/host.ts';
import type { Lab } from '../model/lab.ts';
import { hostsOf } from '../model/spec.ts';
import { isIpv6 } from '../util/ipv6.ts';
import { ProbeFailed } from './errors.ts';
import { localAddressesOf } from './forwarding.ts';

export interface Neighbour {
  mac?: string;
  /** As `ip` says it: `REACHABLE`, `STALE`, `DELAY`, `FAILED`, … */
  state: string;
}

/** The host's neighbour entry for `ip`; undefined when there is none. */
export async function neighbour(host: Host, ip: string): Promise<Neighbour | undefined> {
  const { stdout } = await host.exec(`exec ip -j ${isIpv6(ip) ? '-6' : '-4'} neigh show to ${ip}`);
  const entry = parseJson<{ lladdr?: string; state?: string[] }>(stdout).find((found) => found.state);
  if (!entry) return undefined;
  return { ...(entry.lladdr && { mac: entry.lladdr.toLowerCase() }), state: entry.state?.join(',') ?? '' };
}

/** Forgets every neighbour of these hosts, so that the next packet asks again. */
export async function flushNeighbours(hosts: Host[], family: 4 | 6 = 4): Promise<void> {
  await Promise.all(hosts.map((host) => host.exec(`exec ip -${family} neigh flush all`)));
}

export interface Address {
  device: string;
  address: string;
  prefixLength: number;
  /** `global`, `host`, `link`. */
  scope: string;
  /** IPv6 only: duplicate address detection has not finished, and the address is deaf. */
  tentative?: true;
  /** IPv6 only: duplicate address detection found another host with the address, which stays deaf. */
  dadFailed?: true;
}

/** The addresses of a host, IPv4 unless asked otherwise. */
export async function addressesOf(host: Host, family: 4 | 6 = 4): Promise<Address[]> {
  const { stdout } = await host.exec(`exec ip -j -${family} addr show`);
  return parseAddresses(stdout);
}

interface IpLink {
  ifname?: string;
  addr_info?: {
    local?: string;
    prefixlen?: number;
    scope?: string;
    tentative?: boolean;
    dadfailed?: boolean;
  }[];
}

export function parseAddresses(json: string): Address[] {
  return parseJson<IpLink>(json).flatMap((link) =>
    (link.addr_info ?? []).map((info) => ({
      device: link.ifname ?? '',
      address: info.local ?? '',
      prefixLength: info.prefixlen ?? 0,
      scope: info.scope ?? '',
      ...(info.tentative && { tentative: true as const }),
      ...(info.dadfailed && { dadFailed: true as const }),
    })),
  );
}

/** Names of the directors to which `vip` is an address of their own, in the order of the lab. */
export async function holdersOf(lab: Lab, vip: string): Promise<string[]> {
  const directors = hostsOf(lab.spec, 'director').map((host) => host.name);
  const held = await Promise.all(
    directors.map(async (name) =>
      isIpv6(vip)
        ? (await addressesOf(lab.host(name), 6)).map(({ address }) => address)
        : localAddressesOf(lab.host(name)),
    ),
  );
  return directors.filter((_, i) => held[i]?.includes(vip));
}

/** @throws {ProbeFailed} unless exactly one director has `vip`. */
export async function activeDirector(lab: Lab, vip: string): Promise<string> {
  const holders = await holdersOf(lab, vip);
  const [active] = holders;
  if (active !== undefined && holders.length === 1) return active;
  const who = holders.length === 0 ? 'no director has' : `${holders.join(' and ')} have`;
  throw new ProbeFailed(`${who} the VIP ${vip}; exactly one should`);
}

/** `ip -j` prints nothing at all where it has nothing to say. */
function parseJson<T>(text: string): T[] {
  return text.trim() === '' ? [] : (JSON.parse(text) as T[]);
}
