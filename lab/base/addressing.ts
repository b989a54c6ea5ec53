import { filesSay } from '../../src/model/files.ts';
import { type HostSpec, type LabSpec, serversOf, vipsOf } from '../../src/model/spec.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';

/** Making any tunnel loads the module, and with it every namespace gets its tunl0. */
export const loadTunnels = 'link add ipip0 type ipip local 127.0.0.1\nlink del ipip0\n';

/** `net.ipv4.conf.all.arp_ignore` to `net/ipv4/conf/all/arp_ignore`; a `/` in a key stands for a dot. */
export const sysctlPath = (key: string): string => key.replace(/[./]/g, (mark) => (mark === '.' ? '/' : '.'));

/** `ip -batch` lines that give a host its addresses, the VIPs of a real server, and its way out. */
export function addressing(spec: LabSpec, host: HostSpec): string {
  if (filesSay(host, 'addresses')) return 'link set lo up\n';
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
  if (server && server.vipDevice !== 'none' && !filesSay(host, 'vips')) {
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
