import { formatIpv4, parseIpv4 } from '../../../util/ipv4.ts';
import { parseAddress } from '../../../util/subnet.ts';
import type { InterfaceSpec } from '../../spec.ts';
import { AddressPool, layoutOf } from '../addresses.ts';
import { outsideOffsets } from '../addressing.ts';
import { MacPool } from '../macs.ts';
import type { PlannedHost } from '../plan.ts';
import type { Problems } from '../problems.ts';
import { type Connected, placed } from './connect.ts';
import { ipv4Of, type Segment } from './segments.ts';

/** A host with its interfaces; they have their addresses where the file gives them. */
export interface Wired {
  host: PlannedHost;
  connected: Connected[];
}

/** Gives out addresses and MAC addresses, each one once on its segment. */
export class Supply {
  readonly #pools = new Map<string, AddressPool[]>();
  readonly #owners = new Map<string, string>();
  readonly #macs = new MacPool();

  constructor(
    segments: Segment[],
    private readonly problems: Problems,
  ) {
    for (const segment of segments)
      this.#pools.set(
        segment.name,
        ipv4Of(segment).map((network) => new AddressPool(network)),
      );
  }

  /** Before anything is given out: what is written. */
  reserve({ host, connected }: Wired): void {
    for (const one of connected) {
      if (one.raw.mac !== undefined) this.#reserveMac(one.raw.mac.toLowerCase(), host, one);
      for (const text of one.written ?? []) this.#reserve(text, host, one);
    }
  }

  reserveVips(vips: string[]): void {
    const ofIpv4 = vips.flatMap((vip) => parseIpv4(vip) ?? []);
    for (const pool of [...this.#pools.values()].flat())
      for (const vip of ofIpv4) if (pool.ownerOf(vip) === undefined) pool.reserve(vip, 'VIP');
  }

  #reserve(text: string, host: PlannedHost, { segment, name, ipPath }: Connected): void {
    const ip = text.replace(/\/.*/, '');
    const address = parseAddress(ip);
    const key = `${segment?.name ?? host.name} ${address?.value}`;
    const owner = this.#owners.get(key);
    if (owner !== undefined)
      this.problems.add(
        ipPath,
        `${ip} is the address of ${owner}; ${host.name} needs one of its own on ${name}.`,
      );
    this.#owners.set(key, host.name);
    if (address?.family !== 4) return;
    for (const pool of this.#pools.get(segment?.name ?? '') ?? []) {
      const { base, prefixLength } = pool.network;
      const last = base + 2 ** (32 - prefixLength) - 1;
      const value = Number(address.value);
      if (value === base || value === last)
        this.problems.add(
          ipPath,
          `${ip} is the network or broadcast address of «${segment?.name}»; choose another.`,
        );
      pool.reserve(value, host.name);
    }
  }

  #reserveMac(mac: string, host: PlannedHost, { path }: Connected): void {
    const owner = this.#macs.ownerOf(mac);
    if (owner !== undefined)
      this.problems.add(
        [...path, 'mac'],
        `${mac} is the MAC address of ${owner}; ${host.name} needs one of its own.`,
      );
    this.#macs.reserve(mac, host.name);
  }

  /** The next free one of a segment, by the host’s role. */
  #take({ name, role, path }: PlannedHost, { segment, name: device }: Connected): string | undefined {
    const [pool] = this.#pools.get(segment?.name ?? '') ?? [];
    if (!segment || !pool) {
      const why = segment ? `«${segment.name}» has no IPv4 subnet to take one from` : 'it is on no segment';
      this.problems.add(path, `${name} has no address on ${device}, and ${why}; write its «ip».`);
      return undefined;
    }
    const { prefixLength } = pool.network;
    const offsets = segment.name === 'outside' ? outsideOffsets : layoutOf(prefixLength);
    const address = pool.take(offsets[role], name);
    if (address !== undefined) return `${formatIpv4(address)}/${prefixLength}`;
    const full = `${segment.subnets.join(' and ')} of «${segment.name}» is full`;
    this.problems.add(path, `no address is left for ${name} on ${device}: ${full}. Give it a larger subnet.`);
    return undefined;
  }

  /** The interfaces with all that they need. */
  complete({ host, connected }: Wired): InterfaceSpec[] {
    const macs = this.#macsOf(host, connected);
    return connected.map((one): InterfaceSpec => {
      const { name, kind, mtu, segment, of, vlan, raw, ipPath } = one;
      const taken = one.written ?? [this.#take(host, one)];
      const addresses = taken.flatMap((text) => (text && placed(text, one, ipPath, this.problems)) ?? []);
      return {
        ...{ name, kind, mac: macs.get(name) ?? '', mtu },
        ...(segment && { segment: segment.name }),
        addresses,
        ...(of.length > 0 && { of }),
        ...(vlan !== undefined && { vlan }),
        ...(raw.allowed && { allowed: raw.allowed }),
        ...(kind === 'bond' && { mode: raw.mode ?? 'active-backup' }),
      };
    });
  }

  /** What is made of others has the MAC address of the first; the members of a bond all have that of the bond. */
  #macsOf(host: PlannedHost, connected: Connected[]): Map<string, string> {
    const macs = new Map<string, string>();
    for (const { name, kind, of, raw } of connected) {
      const below =
        kind === 'vlan' || kind === 'bond' || kind === 'bridge' ? macs.get(of[0] ?? '') : undefined;
      const number = host.number + (host.implied ? macs.size : 0);
      const mac = raw.mac?.toLowerCase() ?? below ?? this.#macs.take(host.role, number, host.name);
      macs.set(name, mac);
      if (kind === 'bond') for (const member of of) macs.set(member, mac);
    }
    return macs;
  }
}
