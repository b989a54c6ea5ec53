import { orList } from '../../../util/words.ts';
import type { HostSpec, InterfaceSpec, Role } from '../../spec.ts';
import type { Addressed } from '../addressed.ts';
import type { PlannedHost } from '../plan.ts';
import type { Problems } from '../problems.ts';
import { routing } from './routing.ts';
import type { Segment } from './segments.ts';

/** Which of its interfaces a host takes part by: the CIP, DIP or RIP is there. */

export interface Laid {
  host: PlannedHost;
  interfaces: InterfaceSpec[];
}

/** An interface with an IPv4 address and a segment. */
export interface Leg {
  of: InterfaceSpec;
  segment: string;
  ip: string;
  prefixLength: number;
}

export function legsOf({ interfaces }: Laid): Leg[] {
  return interfaces.flatMap((of): Leg[] => {
    const [ip, length] = of.addresses.find((address) => !address.includes(':'))?.split('/') ?? [];
    return ip === undefined || of.segment === undefined
      ? []
      : [{ of, segment: of.segment, ip, prefixLength: Number(length) }];
  });
}

export function takeParts(all: Laid[], { lan, problems }: { lan: Segment; problems: Problems }): Addressed[] {
  const directed = new Set(
    all
      .filter(({ host }) => host.role === 'director')
      .flatMap((one) => legsOf(one).map(({ segment }) => segment)),
  );
  const choose = (one: Laid): Leg | undefined => {
    const legs = legsOf(one);
    const { ip, role, name, path, wiring } = one.host;
    if (ip !== undefined && wiring.interfaces) {
      const found = legs.find((leg) => leg.of.addresses.some((address) => address.startsWith(`${ip}/`)));
      if (found) return { ...found, ip };
      const known = legs.map((leg) => leg.ip);
      problems.add(
        [...path, 'ip'],
        `no interface of ${name} has ${ip}; expected ${orList(known) || 'none'}.`,
      );
      return undefined;
    }
    return preferred(role, legs, lan.name, directed) ?? legs[0];
  };
  const chosen = new Map(all.map((one) => [one, choose(one)]));
  const clientSegments = new Set(
    all.flatMap((one) => (one.host.role === 'client' ? (chosen.get(one)?.segment ?? []) : [])),
  );
  const addressed = all.flatMap((one): Addressed[] => {
    const leg = chosen.get(one);
    if (!leg || (one.host.role === 'director' && leg.segment !== lan.name)) {
      problems.add(one.host.path, whyNoPart(one.host, lan));
      return [];
    }
    const outside = legsOf(one).find(
      ({ segment, of }) => of !== leg.of && segment !== lan.name && clientSegments.has(segment),
    );
    return [{ ...one.host, ...partOf(one, leg, one.host.role === 'router' ? outside : undefined) }];
  });
  problems.throwIfAny();
  return addressed.map((host) => ({ ...host, routing: routing(host, addressed, problems) }));
}

/** A director is where the VIPs are; a real server where a director reaches it without a router, if anywhere. */
function preferred(role: Role, legs: Leg[], lan: string, directed: Set<string>): Leg | undefined {
  if (role === 'director' || role === 'router') return legs.find(({ segment }) => segment === lan);
  if (role === 'realServer') return legs.find(({ segment }) => directed.has(segment));
  return undefined;
}

function whyNoPart({ name, role }: PlannedHost, lan: Segment): string {
  if (role !== 'director') return `${name} has no interface with an IPv4 address; give it one.`;
  return `${name} has no interface with an IPv4 address on «${lan.name}», where the VIP is; give it one.`;
}

function partOf(
  { interfaces }: Laid,
  leg: Leg,
  outside: Leg | undefined,
): Pick<HostSpec, 'ip' | 'prefixLength' | 'mac' | 'segment' | 'interfaces' | 'outside' | 'ip6'> & {
  device?: string;
} {
  const [address, length] = leg.of.addresses.find((one) => one.includes(':'))?.split('/') ?? [];
  return {
    ip: leg.ip,
    prefixLength: leg.prefixLength,
    mac: leg.of.mac,
    segment: leg.segment,
    ...(leg.of.name !== 'eth0' && { device: leg.of.name }),
    ...(address !== undefined && { ip6: { address, prefixLength: Number(length) } }),
    ...(outside && {
      outside: { ip: outside.ip, prefixLength: outside.prefixLength, mac: outside.of.mac },
    }),
    interfaces,
  };
}
