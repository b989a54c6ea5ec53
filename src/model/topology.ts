import { isIpv6 } from '../util/ipv6.ts';
import { holds, subnetOf } from '../util/subnet.ts';
import type { HostSpec, InterfaceSpec, LabSpec, SegmentSpec } from './spec.ts';
import { deviceOf } from './spec.ts';

/** What is connected to what: the one place that knows how a lab without segments has them. */

/** Name of the segment of the VIPs. */
export const lanOf = ({ network }: Pick<LabSpec, 'network'>): string => network.segment ?? 'lan';

/** Its own address is on the segment of the VIPs. */
export const isOnLan = (spec: Pick<LabSpec, 'network'>, host: Pick<HostSpec, 'segment'>): boolean =>
  host.segment === lanOf(spec);

/** Those that somebody is connected to, in the order of the lab. */
export function segmentsOf(spec: LabSpec): SegmentSpec[] {
  if (spec.segments) return spec.segments;
  const { base, prefixLength, mtu } = spec.network;
  const outside = spec.hosts.find((host) => host.outside)?.outside;
  const routed = outside || spec.hosts.some(({ segment }) => segment === 'outside');
  return [
    { name: 'lan', subnets: [`${base}/${prefixLength}`], mtu },
    ...(routed
      ? [{ name: 'outside', subnets: outside ? [`${outside.ip}/${outside.prefixLength}`] : [], mtu }]
      : []),
  ];
}

/** All interfaces that the lab gives a host, those below others first. */
export function interfacesOf(spec: Pick<LabSpec, 'network'>, host: HostSpec): InterfaceSpec[] {
  if (host.interfaces) return host.interfaces;
  const { mtu } = spec.network;
  const { ip, prefixLength, ip6, outside } = host;
  return [
    {
      ...{ name: deviceOf(host), kind: 'ethernet', mac: host.mac, mtu, segment: host.segment },
      addresses: [`${ip}/${prefixLength}`, ...(ip6 ? [`${ip6.address}/${ip6.prefixLength}`] : [])],
    },
    ...(outside
      ? [
          {
            ...{ name: 'eth1', kind: 'ethernet' as const, mac: outside.mac, mtu, segment: 'outside' },
            addresses: [`${outside.ip}/${outside.prefixLength}`],
          },
        ]
      : []),
  ];
}

/** An interface as what frames come from and go to. */
export interface Leg {
  device: string;
  mac: string;
  ip: string;
}

const ipOf = ({ addresses }: InterfaceSpec): string | undefined =>
  addresses.find((address) => !address.includes(':'))?.replace(/\/.*/, '');

/** What the host has on a segment: an interface with an IPv4 address. */
export function legOn(spec: Pick<LabSpec, 'network'>, host: HostSpec, segment: string): Leg | undefined {
  if (segment === host.segment) return ownLeg(host);
  for (const one of interfacesOf(spec, host)) {
    const ip = ipOf(one);
    if (one.segment === segment && ip !== undefined) return { device: one.name, mac: one.mac, ip };
  }
  return undefined;
}

/** The interface with the address by which the host takes part. */
export const ownLeg = (host: HostSpec): Leg => ({ device: deviceOf(host), mac: host.mac, ip: host.ip });

/** By which a host reaches another one: on the segment of its own address, or else the interface of its own. */
export const legTo = (spec: Pick<LabSpec, 'network'>, from: HostSpec, to: HostSpec): Leg =>
  legOn(spec, from, to.segment) ?? ownLeg(from);

/** They share the segment of the other’s own address, so frames need no router between them. */
export const reaches = (spec: Pick<LabSpec, 'network'>, from: HostSpec, to: HostSpec): boolean =>
  legOn(spec, from, to.segment) !== undefined;

/** Where frames of one host for another one leave it, and to whom they go: to itself, or to the gateway on the way. */
export interface FirstHop {
  device: string;
  /** The gateway; without it the other host shares a segment with this one. */
  via?: string;
  macs: string[];
}

export function firstHop(spec: Pick<LabSpec, 'network' | 'hosts'>, from: HostSpec, to: HostSpec): FirstHop {
  const via = reaches(spec, from, to) ? undefined : nextHop(from, to.ip);
  for (const { segment = '' } of via === undefined ? [] : interfacesOf(spec, from)) {
    const gateway = spec.hosts.map((host) => legOn(spec, host, segment)).find((leg) => leg?.ip === via);
    const own = legOn(spec, from, segment);
    if (via !== undefined && gateway && own) return { device: own.device, via, macs: [gateway.mac] };
  }
  return { device: legTo(spec, from, to).device, macs: macsOfHost(to) };
}

/** The interface of the host whose network an address is in; otherwise the one with its own address. */
export function deviceFor(host: HostSpec, address: string): string {
  const found = host.interfaces?.find(({ addresses }) => addresses.some((one) => isBeside(one, address)));
  return found?.name ?? deviceOf(host);
}

function isBeside(own: string, address: string): boolean {
  const subnet = subnetOf(own);
  return subnet !== undefined && holds(subnet, address);
}

/** The gateway that the lab gives a host towards an address; undefined where it gives none. */
export function nextHop({ gateway, routes = [] }: HostSpec, address: string): string | undefined {
  const six = isIpv6(address);
  let best: { via: string; length: number } | undefined;
  for (const route of routes) {
    const [, to = '', via = ''] = /^(\S+)\s+via\s+(\S+)(?!.*\btable\b)/.exec(route) ?? [];
    if (isIpv6(via) !== six) continue;
    const subnet = subnetOf(wholeOf(to, six));
    if (subnet && holds(subnet, address) && subnet.prefixLength >= (best?.length ?? 0))
      best = { via, length: subnet.prefixLength };
  }
  return best?.via ?? (six ? undefined : gateway);
}

/** The network that a route is to. */
function wholeOf(to: string, six: boolean): string {
  if (to === 'default') return six ? '::/0' : '0.0.0.0/0';
  return to.includes('/') ? to : `${to}/${six ? 128 : 32}`;
}

/** All MAC addresses that a host may send from. */
export const macsOfHost = (host: HostSpec): string[] => [
  ...new Set([
    host.mac,
    ...(host.outside ? [host.outside.mac] : []),
    ...(host.interfaces ?? []).map(({ mac }) => mac),
  ]),
];

/** Names of the interfaces that have an address of their own, or may be given one. */
export const devicesOf = (spec: Pick<LabSpec, 'network'>, host: HostSpec): string[] =>
  interfacesOf(spec, host).map(({ name }) => name);
