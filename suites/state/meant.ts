import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import { deviceOf, type HostSpec, type LabSpec, serversOf, vipsOf } from '../../src/model/spec.ts';
import { netem } from '../../src/probe/state/index.ts';
import { formatIpv4, parseIpv4 } from '../../src/util/ipv4.ts';
import { formatIpv6, isIpv6, parseIpv6 } from '../../src/util/ipv6.ts';
import { switchName } from '../common/subjects.ts';
import type { Meant, MeantHost } from './compare.ts';
import { movesVips, vipHolder } from './directing.ts';
import { ipvsMeant } from './ipvs-meant.ts';

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
    ...(host.gateway === undefined ? [] : [fact('route', `default via ${host.gateway} dev eth0`)]),
    ...queuesMeant(spec, host),
    ...written,
    ...sysctls,
    ...ipvs,
  ];
  return { host: host.name, facts, whole: wholeOfOurs };
}

/** @param ports of the switch, by the hosts on their other ends */
export function meantOfSwitch(spec: LabSpec, ports: Readonly<Record<string, string>>): MeantHost {
  const facts = spec.hosts.flatMap(({ name, link }): Meant[] => {
    const port = ports[name];
    if (port === undefined) return [];
    return [
      fact('link', `dev ${port}`, 'up'),
      fact('link', `dev ${port} mtu`, String(spec.network.mtu)),
      ...(link ? [fact('queue', `dev ${port} root`, impairment(link))] : []),
    ];
  });
  return { host: switchName, facts, whole: new Set(['address', 'queue', 'filter', 'table', 'neighbour']) };
}

const fact = (kind: Meant['kind'], key: string, value = ''): Meant => ({ kind, key, value });

/** Made by the kernel itself where it has the module, or by keepalived for the MAC address of a virtual router. */
const kernelDevices = [
  ...['tunl0', 'gre0', 'gretap0', 'erspan0', 'sit0', 'ip_vti0', 'ip6_vti0', 'ip6tnl0', 'ip6gre0'],
  ...['ifb0', 'ifb1', 'dummy0'],
];

function linksMeant(spec: LabSpec, host: HostSpec): Meant[] {
  const cards = [
    { device: deviceOf(host), mac: host.mac },
    ...(host.outside ? [{ device: 'eth1', mac: host.outside.mac }] : []),
  ];
  const routers = host.role === 'director' ? virtualRouters(spec) : [];
  return [
    ...cards.flatMap(({ device, mac }) => [
      fact('link', `dev ${device}`, 'up'),
      fact('link', `dev ${device} mtu`, String(spec.network.mtu)),
      fact('link', `dev ${device} address`, mac),
      fact('link', `dev ${device} arp`, 'on'),
    ]),
    ...[...kernelDevices, ...routers].map(
      (device): Meant => ({ ...fact('link', `dev ${device}`, 'up'), optional: true, any: true }),
    ),
  ];
}

/** Interfaces that keepalived makes for virtual MAC addresses. */
function virtualRouters({ director: { vrrp } }: LabSpec): string[] {
  if (!vrrp?.virtualMac) return [];
  const ids = vrrp.instances?.map(({ virtualRouterId }) => virtualRouterId) ?? [vrrp.virtualRouterId];
  return ids.map((id) => `vrrp.${id}`);
}

function addressesMeant(spec: LabSpec, host: HostSpec): Meant[] {
  const device = deviceOf(host);
  const own = [
    `${host.ip}/${host.prefixLength}`,
    ...(host.ip6 ? [`${host.ip6.address}/${host.ip6.prefixLength}`] : []),
    ...(host.addresses ?? []),
  ].map((address) => addressFact(address, device));
  const outside = host.outside
    ? [addressFact(`${host.outside.ip}/${host.outside.prefixLength}`, 'eth1')]
    : [];
  return [...own, ...outside, ...vipsOfServer(spec, host), ...vipsOfDirector(spec, host)];
}

const addressFact = (address: string, device: string): Meant =>
  fact('address', `${plain(address)} dev ${device}`);

/** As `ip` writes it. */
function plain(address: string): string {
  const [ip = '', length] = address.split('/');
  const groups = parseIpv6(ip);
  return `${groups ? formatIpv6(groups) : ip}/${length}`;
}

function vipsOfServer(spec: LabSpec, { name, server }: HostSpec): Meant[] {
  if (!server || server.vipDevice === 'none') return [];
  const services = spec.services.filter((one) => one.forward !== 'nat' && serversOf(one).includes(name));
  return vipsOf({ ...spec, services }).map((vip) => {
    const length = isIpv6(vip) ? (server.vip6PrefixLength ?? 128) : server.vipPrefixLength;
    return addressFact(`${vip}/${length}`, server.vipDevice);
  });
}

/** VIPs that move may be on any director, or on lo of the one that stands by. */
function vipsOfDirector(spec: LabSpec, host: HostSpec): Meant[] {
  if (host.role !== 'director') return [];
  const vips = vipsOf(spec).map((vip) => `${vip}/${isIpv6(vip) ? 128 : 32}`);
  if (!movesVips(spec))
    return vipHolder(spec)?.name === host.name ? vips.map((vip) => addressFact(vip, deviceOf(host))) : [];
  const devices = [deviceOf(host), 'lo', ...virtualRouters(spec)];
  return vips.flatMap((vip) =>
    devices.map((device): Meant => ({ ...addressFact(vip, device), optional: true })),
  );
}

/** The route that the kernel derives from an address: of lo, and of a whole address, there is none. */
function connectedBy({ key }: Meant): Meant[] {
  const [, ip = '', length = '', device = ''] = /^(\S+)\/(\d+) dev (\S+)$/.exec(key) ?? [];
  const address = parseIpv4(ip);
  if (device === 'lo' || address === undefined || length === '32') return [];
  const network = formatIpv4(address - (address % 2 ** (32 - Number(length))));
  return [fact('connected', `${network}/${length} dev ${device}`)];
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
