import { contains, formatIpv4, type Ipv4Network, parseIpv4 } from '../../../util/ipv4.ts';
import type { Subnet } from '../../../util/subnet.ts';
import { driversThat, driverTraitsOf } from '../../driver-traits.ts';
import type { DriverSpec, LabSpec, SegmentSpec } from '../../spec.ts';
import type { Addressed } from '../addressed.ts';
import type { Networks } from '../network.ts';
import type { PlannedHost } from '../plan.ts';
import type { Path, Problems } from '../problems.ts';
import type { RawLab } from '../schema.ts';
import { defaultNetworks } from '../schema-topology.ts';
import { layOut } from './lay.ts';
import { builtInSegments, ipv4Of, resolveSegments, type Segment, segmentOf } from './segments.ts';

/** A lab whose file says more than one address for each host: segments, interfaces, routers, routes. */

export interface Wiring {
  /** Where a VIP is that the file does not write. */
  vipNetwork: Ipv4Network;
  /** Where VIPs may be, of either family. */
  vipSubnets: Subnet[];
  layOut(planned: PlannedHost[], vips: string[], problems: Problems): Laid;
}

export interface Laid {
  hosts: Addressed[];
  segments: SegmentSpec[];
  network: LabSpec['network'];
}

interface Known {
  planned: PlannedHost[];
  /** Undefined where they are wrong, which has been reported. */
  networks: Networks | undefined;
  driver: DriverSpec;
}

/** Undefined for a lab that says nothing of the kind, or is wrong. */
export function resolveWiring(raw: RawLab, known: Known, problems: Problems): Wiring | undefined {
  const { planned, networks, driver } = known;
  const at = whereWired(raw, planned);
  if (!at || !networks) return undefined;
  if (!driverTraitsOf({ driver }).wiring) {
    const others = driversThat(({ wiring }) => wiring).join(' or ');
    const text = `the driver ${driver.kind} gives a host one interface, so «${String(at.at(-1))}» has no place here; use ${others}.`;
    problems.add(at, text, 'key');
    return undefined;
  }
  const { mtu } = raw.network;
  if (raw.segments) refuseBeside(raw, planned, problems);
  const segments = raw.segments
    ? resolveSegments(raw.segments, raw.network, problems)
    : builtInSegments(networks, mtu);
  const [first] = segments.flatMap(ipv4Of);
  if (!first) {
    problems.add(
      at,
      'no segment has an IPv4 subnet; hosts need IPv4 addresses, beside which they may have others.',
    );
    return undefined;
  }
  return {
    vipNetwork: first,
    vipSubnets: segments.flatMap((one) => one.networks),
    layOut(all, vips, found) {
      const [lan, network] = lanAmong(segments, vips[0] ?? formatIpv4(first.base), found);
      const hosts = layOut(all, { segments, lan, mtu, vips, problems: found });
      const used = (name: string): boolean =>
        raw.segments !== undefined ||
        hosts.some((host) => host.interfaces?.some((one) => one.segment === name));
      return {
        hosts,
        segments: segments
          .filter(({ name }) => used(name))
          .map(({ networks: _, path: __, ...segment }) => segment),
        network: {
          ...{ base: formatIpv4(network.base), prefixLength: network.prefixLength, mtu: lan.mtu },
          segment: lan.name,
        },
      };
    },
  };
}

/** The key that makes it one, if any. */
function whereWired(raw: RawLab, planned: PlannedHost[]): Path | undefined {
  if (raw.segments) return ['segments'];
  if (raw.routers) return ['routers'];
  for (const { wiring, path } of planned)
    for (const [key, value] of Object.entries(wiring)) if (value !== undefined) return [...path, key];
  return undefined;
}

/** What means the LAN and the network outside, which are not there. */
function refuseBeside(raw: RawLab, planned: PlannedHost[], problems: Problems): void {
  for (const key of ['subnet', 'outside'] as const)
    if (raw.network[key] !== defaultNetworks[key])
      problems.add(
        ['network', key],
        `«${key}» belongs to a lab without «segments»; write the network there.`,
        'key',
      );
  for (const { segment, path, name } of planned)
    if (segment === 'outside')
      problems.add(
        [...path, 'via'],
        `«via: router» belongs to a lab without «segments»; write «segment: …» for ${name}, and «routers» with a leg there.`,
        'key',
      );
}

/** The segment of a VIP, with the IPv4 network in which directors have their addresses. */
function lanAmong(segments: Segment[], vip: string, problems: Problems): [Segment, Ipv4Network] {
  const segment = segmentOf(segments, vip);
  if (!segment) throw new Error('the VIP is on no segment, and that was not reported');
  const ofSegment = ipv4Of(segment);
  const network = ofSegment.find((one) => contains(one, parseIpv4(vip) ?? one.base)) ?? ofSegment[0];
  if (network) return [segment, network];
  problems.add(
    segment.path,
    `the VIP ${vip} is on «${segment.name}», which has no IPv4 subnet; directors need an IPv4 address there, beside their IPv6 address.`,
  );
  problems.throwIfAny();
  throw new Error('unreachable: the problem was reported');
}
