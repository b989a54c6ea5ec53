import type { ConfigText } from '../../src/model/lab.ts';
import { type HostSpec, type LabSpec, serversOf, vipsOf } from '../../src/model/spec.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { qdiscLine } from './impairment.ts';

/** The namespace that holds the bridges; no host may be called so. */
export const switchName = 'switch';

/** One text for `PROGRAM -batch`, run in the namespace of `host`. */
export interface Batch {
  host: string;
  program: 'ip' | 'tc';
  text: string;
}

/** Everything that makes the network of a lab, as texts, in the order in which they are applied. */
export interface Plan {
  /** The switch first, so that it also goes first. */
  namespaces: string[];
  /** Bridges and cables. */
  cabling: Batch;
  /** Written once the interfaces exist and before they are up; paths relative to /proc/sys. */
  sysctls: { host: string; path: string; value: string }[];
  /** Addresses, routes and impairments. */
  batches: Batch[];
  /** Switch ports of each host, `eth0` first. */
  ports: Map<string, string[]>;
  configs: ConfigText[];
}

const bridges = { lan: 'br0', outside: 'br1' } as const;

/** Making any tunnel loads the module, and with it every namespace gets its tunl0. */
export const loadTunnels = 'link add ipip0 type ipip local 127.0.0.1\nlink del ipip0\n';

/** Pure: the same spec gives the same texts. */
export function plan(spec: LabSpec): Plan {
  const ports = new Map<string, string[]>();
  let cables = bridgeLine(bridges.lan, '02:00:00:00:ff:00', spec);
  if (spec.hosts.some((host) => host.outside || host.segment === 'outside')) {
    cables += bridgeLine(bridges.outside, '02:00:00:00:ff:01', spec);
  }
  let portCount = 0;
  const cable = (host: HostSpec, device: string, mac: string, bridge: string): string => {
    const port = `p${++portCount}`;
    ports.set(host.name, [...(ports.get(host.name) ?? []), port]);
    const mtu = spec.network.mtu;
    return `link add ${port} mtu ${mtu} master ${bridge} up type veth peer name ${device} netns ${host.name} mtu ${mtu} address ${mac}\n`;
  };
  for (const host of spec.hosts) {
    cables += cable(host, 'eth0', host.mac, bridges[host.segment]);
    if (host.outside) cables += cable(host, 'eth1', host.outside.mac, bridges.outside);
    if (host.server?.vipDevice === 'dummy0') cables += `link add dummy0 netns ${host.name} type dummy\n`;
  }

  if (spec.services.some(({ forward }) => forward === 'tun')) cables += loadTunnels;

  const cabling: Batch = { host: switchName, program: 'ip', text: cables };
  const portLinks = spec.hosts.map((host) =>
    host.link ? qdiscLine(ports.get(host.name)?.[0] ?? '', host.link) : '',
  );
  const batches: Batch[] = [
    ...spec.hosts.map((host): Batch => ({ host: host.name, program: 'ip', text: addressing(spec, host) })),
    ...spec.hosts.map(
      (host): Batch => ({
        host: host.name,
        program: 'tc',
        text: host.link ? qdiscLine('eth0', host.link) : '',
      }),
    ),
    { host: switchName, program: 'tc', text: portLinks.join('') },
  ].filter((batch) => batch.text !== '') as Batch[];

  return {
    namespaces: [switchName, ...spec.hosts.map((host) => host.name)],
    cabling,
    sysctls: spec.hosts.flatMap((host) =>
      Object.entries(host.sysctls).map(([key, value]) => ({ host: host.name, path: sysctlPath(key), value })),
    ),
    batches,
    ports,
    configs: [cabling, ...batches]
      .map(({ host, program, text }): ConfigText => ({ host, name: `${program} -batch`, text }))
      .concat(spec.hosts.map((host) => ({ host: host.name, name: 'sysctls', text: sysctlText(host) })))
      .filter((config) => config.text !== ''),
  };
}

/** The lines of a batch in which the word is followed by one of these: `netns` and a host, `dev` and a port. */
export const linesAbout = (batch: Batch, word: string, names: string[]): Batch => {
  const isAbout = new RegExp(` ${word} (${names.join('|')})( |$)`);
  const lines = batch.text.split('\n').filter((line) => isAbout.test(line));
  return { ...batch, text: lines.map((line) => `${line}\n`).join('') };
};

/** `net.ipv4.conf.all.arp_ignore` to `net/ipv4/conf/all/arp_ignore`; a `/` in a key stands for a dot. */
export const sysctlPath = (key: string): string => key.replace(/[./]/g, (mark) => (mark === '.' ? '/' : '.'));

const sysctlText = (host: HostSpec): string =>
  Object.entries(host.sysctls)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');

/** With an address of its own the bridge is not renamed after its lowest port each time one is added. */
const bridgeLine = (name: string, mac: string, spec: LabSpec): string =>
  `link add ${name} address ${mac} mtu ${spec.network.mtu} up type bridge stp_state 0 forward_delay 0 mcast_snooping 0\n`;

/** `ip -batch` lines that give a host its addresses, the VIPs of a real server, and its way out. */
export function addressing(spec: LabSpec, host: HostSpec): string {
  const lines = [
    'link set lo up',
    `addr add ${host.ip}/${host.prefixLength} brd + dev eth0`,
    ...(host.ip6 ? [addressLine(host.ip6.address, host.ip6.prefixLength, 'eth0')] : []),
    ...(host.addresses ?? []).map((address) => {
      const [ip = '', length] = address.split('/');
      return addressLine(ip, Number(length), 'eth0');
    }),
    'link set eth0 up',
  ];
  if (host.outside) {
    lines.push(`addr add ${host.outside.ip}/${host.outside.prefixLength} brd + dev eth1`, 'link set eth1 up');
  }
  const server = host.server;
  if (server?.vipDevice === 'dummy0') lines.push('link set dummy0 up');
  if (server && server.vipDevice !== 'none') {
    for (const vip of vipsServedBy(spec, host.name)) {
      const length = isIpv6(vip) ? (server.vip6PrefixLength ?? 128) : server.vipPrefixLength;
      lines.push(addressLine(vip, length, server.vipDevice));
    }
  }
  if (isTunnelEnd(spec, host.name)) lines.push('link set tunl0 up');
  if (host.gateway) lines.push(`route add default via ${host.gateway}`);
  return `${lines.join('\n')}\n`;
}

/** Duplicate address detection would leave an IPv6 address tentative, and so deaf, for its first second or two. */
const addressLine = (address: string, length: number, device: string): string =>
  `addr add ${address}/${length} dev ${device}${isIpv6(address) ? ' nodad' : ''}`;

/** The VIPs that a real server must own: those of services that reach it by DR or TUN. */
export function vipsServedBy(spec: LabSpec, name: string): string[] {
  const services = spec.services.filter(
    (service) => service.forward !== 'nat' && serversOf(service).includes(name),
  );
  return vipsOf({ ...spec, services });
}

const isTunnelEnd = (spec: LabSpec, name: string): boolean =>
  spec.services.some((s) => s.forward === 'tun' && serversOf(s).includes(name));
