import { type HostSpec, hostsOf, type Impairment, type LabSpec } from '../../model/spec.ts';
import { isOnLan } from '../../model/topology.ts';
import { duration, plural, quantity } from '../text/units.ts';

/** What stands in one box of the drawing: one host, or many alike. */
export interface Box {
  kind: 'client' | 'router' | 'director' | 'realServer';
  name: string;
  lines: string[];
  /** All that a box has no room for. */
  title: string;
  /** Drawn as a stack. */
  many: boolean;
  /** The director that should hold the VIP. */
  active?: boolean;
}

export interface Boxes {
  lanClients: Box[];
  outsideClients: Box[];
  routers: Box[];
  directors: Box[];
  realServers: Box[];
}

/** @param most how many real servers get a box of their own */
export function boxesOf(spec: LabSpec, most: number): Boxes {
  const clients = hostsOf(spec, 'client');
  const realServers = hostsOf(spec, 'realServer');
  const linked = realServers.some((host) => linkText(host.link) !== '');
  return {
    lanClients: merged(
      clients.filter((host) => isOnLan(spec, host)),
      'client',
      1,
      () => [],
    ),
    outsideClients: merged(
      clients.filter((host) => !isOnLan(spec, host)),
      'client',
      1,
      () => [],
    ),
    routers: merged(hostsOf(spec, 'router'), 'router', 1, () => ['router']),
    directors: directors(spec),
    realServers: merged(realServers, 'realServer', most, (host) => [
      `weight ${host.server?.weight ?? '–'}`,
      host.server?.vipDevice === 'none' ? 'no VIP' : `VIP on ${host.server?.vipDevice ?? '–'}`,
      ...(linked ? [linkText(host.link)] : []),
    ]),
  };
}

function directors(spec: LabSpec): Box[] {
  const { kind, vrrp } = spec.director;
  const hosts = hostsOf(spec, 'director');
  const priorities = hosts.map((_, index) => vrrp?.priorities[index] ?? 0);
  const first = priorities.indexOf(Math.max(...priorities));
  return hosts.map((host, index) => ({
    kind: 'director',
    name: host.name,
    lines: [
      host.ip,
      vrrp ? `${kind}, ${priorities[index]}` : kind,
      index === first ? `VIP ${spec.services[0]?.vip ?? ''}` : 'standby',
    ],
    title: `${about(host)}, ${kind}${vrrp ? `, VRRP priority ${priorities[index]}` : ''}`,
    many: false,
    active: index === first,
  }));
}

/** One box per host, or one for all of them when there are too many. */
function merged(
  hosts: HostSpec[],
  kind: Box['kind'],
  most: number,
  lines: (host: HostSpec) => string[],
): Box[] {
  const [first, last] = [hosts[0], hosts.at(-1)];
  if (hosts.length <= most || !first || !last) {
    return hosts.map((host) => ({
      kind,
      name: host.name,
      lines: [host.ip, ...lines(host)],
      title: about(host),
      many: false,
    }));
  }
  const word = kind === 'realServer' ? 'real server' : kind;
  const weights = [...new Set(hosts.map((host) => host.server?.weight))];
  const weight = weights.length === 1 ? `weight ${weights[0]}` : 'several weights';
  return [
    {
      kind,
      name: `${first.name}…${last.name}`,
      lines: [plural(hosts.length, word), `from ${first.ip}`, ...(kind === 'realServer' ? [weight] : [])],
      title: `${plural(hosts.length, word)}: ${first.ip} to ${last.ip}`,
      many: true,
    },
  ];
}

function about(host: HostSpec): string {
  const outside = host.outside ? `, outside ${host.outside.ip} ${host.outside.mac}` : '';
  const gateway = host.gateway === undefined ? '' : `, gateway ${host.gateway}`;
  const link = linkText(host.link);
  return `${host.name}: ${host.ip}/${host.prefixLength} ${host.mac}${outside}${gateway}${link && `, link ${link}`}`;
}

/** `2 ms, 100 Mbit/s, 1 % loss`; empty for an unhindered link. */
function linkText(link: Impairment | undefined): string {
  if (!link) return '';
  return [
    link.delayUs > 0 ? duration(link.delayUs / 1000) : '',
    link.rateBitPerS > 0 ? quantity(link.rateBitPerS, 'bit/s') : '',
    link.lossPercent > 0 ? `${link.lossPercent} % loss` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
