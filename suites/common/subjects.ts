import {
  type HostSpec,
  hostSpec,
  hostsOf,
  isScheduledBy,
  type LabSpec,
  type Protocol,
  type ServiceSpec,
} from '../../src/model/spec.ts';
import {
  firstHop,
  isOnLan,
  type Leg,
  legOn,
  legTo,
  macsOfHost,
  nextHop,
  reaches,
} from '../../src/model/topology.ts';
import { routerOf } from '../../src/model/vantage.ts';
import type { Target } from '../../src/probe/client/prober.ts';
import { NotInLab } from '../../src/util/errors.ts';

/** Who in a lab plays which part in a check, and the words for it. */

/** Where the first client comes from, on the segment: itself, or its router. */
export const observerOf = (spec: LabSpec): HostSpec => gatewayOf(spec, clientOf(spec));

/** A host of the segment that is neither director nor real server: a direct client, else the router. */
export function hostOnSegment(spec: LabSpec): HostSpec {
  const client = hostsOf(spec, 'client').find((host) => isOnLan(spec, host));
  const found = client ?? hostsOf(spec, 'router')[0];
  if (!found) throw new NotInLab(`lab «${spec.name}» has no client`);
  return found;
}

/** The same with an IPv6 address there. */
export function hostOnSegment6(spec: LabSpec): HostSpec {
  const of = (role: HostSpec['role']): HostSpec | undefined =>
    hostsOf(spec, role).find((host) => host.ip6 && isOnLan(spec, host));
  const found = of('client') ?? of('router');
  if (!found) throw new NotInLab(`lab «${spec.name}» has no client with an IPv6 address on the segment`);
  return found;
}

/** Of the switch, where it is a host: the namespace in which hosts of a lab can enter it. */
export const switchName = 'switch';

/** The first client, wherever it is. */
export function clientOf(spec: LabSpec): HostSpec {
  const client = hostsOf(spec, 'client')[0];
  if (!client) throw new NotInLab(`lab «${spec.name}» has no client`);
  return client;
}

/** The host that a client's frames come from on the lab's segment: itself, or the router. */
export const gatewayOf = (spec: LabSpec, client: HostSpec): HostSpec => routerOf(spec, client) ?? client;

/**
 * Who can hand a real server a frame as a director would: the client or the router that it comes through, or else a
 * director, where real servers are on a segment of their own.
 */
export function senderTo(spec: LabSpec, client: HostSpec, server: HostSpec): HostSpec {
  const first = gatewayOf(spec, client);
  if (reaches(spec, first, server)) return first;
  return hostsOf(spec, 'director').find((one) => reaches(spec, one, server)) ?? first;
}

/** The host, and its interface, that a real server hands its answers to a client to: the client itself, or a gateway. */
export function takerOf(spec: LabSpec, server: HostSpec, client: HostSpec): { host: HostSpec; leg: Leg } {
  const direct = legOn(spec, client, server.segment);
  if (direct) return { host: client, leg: direct };
  const via = nextHop(server, client.ip);
  for (const host of spec.hosts) {
    const leg = legOn(spec, host, server.segment);
    if (leg?.ip === via && leg !== undefined) return { host, leg };
  }
  const router = gatewayOf(spec, client);
  return { host: router, leg: legTo(spec, router, server) };
}

/** To whom directors send what real servers shall get: these, or the routers before them. */
export const macsTowardsServers = (spec: LabSpec): Set<string> =>
  new Set(
    hostsOf(spec, 'director').flatMap((director) =>
      hostsOf(spec, 'realServer').flatMap((server) => firstHop(spec, director, server).macs),
    ),
  );

export const isFrom = (mac: string, host: HostSpec): boolean => macsOfHost(host).includes(mac);

/** The first service that fits; checks declare the capability that guarantees that there is one. */
export function serviceOf(spec: LabSpec, protocol: Protocol, scheduler?: string): ServiceSpec {
  const service = spec.services.find(
    (candidate) =>
      candidate.protocol === protocol && (scheduler === undefined || isScheduledBy(candidate, scheduler)),
  );
  if (!service) throw new NotInLab(`lab «${spec.name}» has no ${protocol} service ${scheduler ?? ''}`);
  return service;
}

export const targetOf = (service: ServiceSpec): Target => ({ ip: service.vip, port: service.port });

export const realServersOf = (spec: LabSpec, service: ServiceSpec): HostSpec[] =>
  service.realServers.map((server) => hostSpec(spec, server.name));

/** «rs2 (02:0e:00:00:00:02)», or the address of an unknown host. */
export function nameOfMac(spec: LabSpec, mac: string): string {
  const host = spec.hosts.find((candidate) => macsOfHost(candidate).includes(mac));
  return host ? `${host.name} (${mac})` : `an unknown host (${mac})`;
}

export const hostOfMac = (spec: LabSpec, mac: string): HostSpec | undefined =>
  spec.hosts.find((candidate) => macsOfHost(candidate).includes(mac));

export const macsOf = (hosts: HostSpec[]): Set<string> => new Set(hosts.flatMap(macsOfHost));

/** «rs1, rs2 and rs3»; «none» for an empty list. */
export function list(names: Iterable<string>): string {
  const all = [...new Set(names)];
  if (all.length === 0) return 'none';
  return all.length === 1 ? `${all[0]}` : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

/** «3 connections», «1 connection». */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** For connections of which the frames are judged, not the answers: enough for them to be seen, and no long wait for a silent real server. */
export const soonMs = (spec: LabSpec): number => 1_000 + 4 * longestRoundTripMs(spec);

/** A round trip over the two slowest links of the lab, in milliseconds; what hosts take is not in it. */
export const longestRoundTripMs = ({ hosts }: LabSpec): number =>
  (4 * Math.max(0, ...hosts.map(({ link }) => (link ? link.delayUs + link.jitterUs : 0)))) / 1000;
