import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import { markRules } from '../../src/model/marks.ts';
import { deviceOf, type HostSpec, type LabSpec } from '../../src/model/spec.ts';
import { deviceFor, segmentsOf } from '../../src/model/topology.ts';
import { netem } from '../../src/probe/state/index.ts';
import { switchName } from '../common/subjects.ts';
import { addressesMeant, connectedBy } from './addresses-meant.ts';
import { fact, type Meant, type MeantHost } from './compare.ts';
import { ipvsMeant } from './ipvs-meant.ts';
import { leftToFiles } from './left-to-files.ts';
import { linksMeant } from './links-meant.ts';

/** What a lab file means for one host, as facts. Pure. */

/** What drlab wrote for a host in another form than the lab file has: tables of nftables. */
export type Written = readonly Pick<Meant, 'kind' | 'key' | 'value'>[];

/** What a lab file says everything about, on hosts that drlab made. */
const wholeOfOurs: MeantHost['whole'] = new Set([
  ...(['link', 'address', 'route', 'rule', 'neighbour', 'queue'] as const),
  ...(['filter', 'table', 'service', 'destination', 'sync', 'daemon'] as const),
]);
const wholeOfExisting: MeantHost['whole'] = new Set(['service', 'destination', 'sync']);

export function meantOf(spec: LabSpec, host: HostSpec, written: Written): MeantHost {
  const sysctls = sysctlsMeant(spec, host);
  const ipvs = ipvsMeant(spec, host);
  // Of a machine that exists the lab file knows what drlab sets, and no more.
  if (driverTraitsOf(spec).existingHosts !== undefined)
    return { host: host.name, facts: [...sysctls, ...ipvs], whole: wholeOfExisting };
  const addresses = addressesMeant(spec, host);
  const facts = [
    ...linksMeant(spec, host),
    ...addresses,
    ...addresses.flatMap(connectedBy),
    ...routesMeant(host),
    ...queuesMeant(spec, host),
    ...written,
    ...sysctls,
    ...ipvs,
    ...marksMeant(spec, host),
  ];
  return leftToFiles(spec, host, { host: host.name, facts, whole: wholeFor(spec, host) });
}

/** Those of which it is known how `ip` shows them: «NETWORK via GATEWAY». */
const plainRoute = /^(\S+)\s+via\s+(\S+)(?:\s+dev\s+(\S+))?$/;

function routesMeant(host: HostSpec): Meant[] {
  const { gateway, routes = [] } = host;
  const all = [...(gateway === undefined ? [] : [`default via ${gateway}`]), ...routes];
  return all.flatMap((route) => {
    const [, to, via = '', device = deviceFor(host, via)] = plainRoute.exec(route) ?? [];
    return to === undefined ? [] : [fact('route', `${to} via ${via} dev ${device}`)];
  });
}

/** What a host says in words of `ip` that show as others is not held against it. */
function wholeFor(spec: LabSpec, { role, routes = [], rules = [] }: HostSpec): MeantHost['whole'] {
  const whole = new Set(wholeOfOurs);
  if (role === 'director' && spec.services.some(({ markedBy }) => markedBy === 'files'))
    for (const kind of ['filter', 'table'] as const) whole.delete(kind);
  if (routes.some((route) => !plainRoute.test(route))) whole.delete('route');
  if (rules.length > 0) whole.delete('rule');
  return whole;
}

const marksMeant = (spec: LabSpec, { role }: HostSpec): Meant[] =>
  role === 'director'
    ? markRules(spec).map(({ program, rule }) => fact('filter', `${program} -t mangle ${rule}`))
    : [];

/** @param ports of the switch, by the hosts on their other ends */
export function meantOfSwitch(spec: LabSpec, ports: Readonly<Record<string, string>>): MeantHost {
  const mtus = new Map(segmentsOf(spec).map(({ name, mtu }) => [name, mtu]));
  const facts = spec.hosts.flatMap(({ name, link, segment }): Meant[] => {
    const port = ports[name];
    if (port === undefined) return [];
    return [
      fact('link', `dev ${port}`, 'up'),
      fact('link', `dev ${port} mtu`, String(mtus.get(segment))),
      ...(link ? [fact('queue', `dev ${port} root`, impairment(link))] : []),
    ];
  });
  const whole: MeantHost['whole'] = new Set(
    segmentsOf(spec).some(({ multicast, portSecurity }) => multicast === false || portSecurity)
      ? ['address', 'table', 'neighbour']
      : ['address', 'queue', 'filter', 'table', 'neighbour'],
  );
  return { host: switchName, facts, whole };
}

const impairment = ({ delayUs, jitterUs, lossPercent, rateBitPerS }: NonNullable<HostSpec['link']>): string =>
  netem(
    [
      ...(delayUs > 0 || jitterUs > 0 ? [`delay ${delayUs}us${jitterUs > 0 ? ` ${jitterUs}us` : ''}`] : []),
      ...(lossPercent > 0 ? [`loss ${lossPercent}%`] : []),
      ...(rateBitPerS > 0 ? [`rate ${rateBitPerS}bit`] : []),
    ].join(' '),
  );

function queuesMeant(spec: LabSpec, host: HostSpec): Meant[] {
  if (!host.link) return [];
  const value = impairment(host.link);
  const own = fact('queue', `dev ${deviceOf(host)} root`, value);
  // Without a switch of ours what comes in is impaired on the host, too, behind a device of its own.
  const inward = [fact('queue', 'dev ifb0 root', value), fact('queue', `dev ${deviceOf(host)} ingress`)];
  return value === netem('') ? [] : [own, ...(driverTraitsOf(spec).switchIsHost ? [] : inward)];
}

/** Of these the kernel itself turns 1 into 2 and back, as memory gets short (ipvs-sysctl.rst). */
const adaptive = /^net\.ipv4\.vs\.(drop_entry|drop_packet|secure_tcp)$/;
/** keepalived sets them where a virtual router has a MAC address of its own. */
const ofVirtualMac = /^net\.ipv4\.conf\.\S+\.(arp_ignore|arp_announce|arp_filter|rp_filter|accept_local)$/;

/** Optional, since only those that are not as meant are in what was seen. */
const sysctlsMeant = (spec: LabSpec, host: HostSpec): Meant[] =>
  Object.entries(host.sysctls).map(([key, text]): Meant => {
    const value = text.replace(/\s+/g, ' ').trim();
    const meant: Meant = { ...fact('sysctl', key, value), optional: true };
    if (adaptive.test(key) && /^[12]$/.test(value)) return { ...meant, orElse: ['1', '2'] };
    const isKeepaliveds =
      host.role === 'director' && spec.director.vrrp?.virtualMac && ofVirtualMac.test(key);
    return isKeepaliveds ? { ...meant, any: true } : meant;
  });
