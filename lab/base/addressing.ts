import { filesSay } from '../../src/model/files.ts';
import { reachedBy } from '../../src/model/forwarding.ts';
import { deviceOf, type HostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { interfacesOf } from '../../src/model/topology.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';

/** Making any tunnel loads the module, and with it every namespace gets its tunl0. */
export const loadTunnels = 'link add ipip0 type ipip local 127.0.0.1\nlink del ipip0\n';

/** `net.ipv4.conf.all.arp_ignore` to `net/ipv4/conf/all/arp_ignore`; a `/` in a key stands for a dot. */
export const sysctlPath = (key: string): string => key.replace(/[./]/g, (mark) => (mark === '.' ? '/' : '.'));

/** `ip -batch` lines that give a host its addresses, the VIPs of a real server, and its ways out. */
export function addressing(spec: LabSpec, host: HostSpec): string {
  if (filesSay(host, 'addresses')) return 'link set lo up\n';
  const own = deviceOf(host);
  const lines = ['link set lo up'];
  for (const { name, addresses } of interfacesOf(spec, host)) {
    lines.push(...addresses.map((address) => ownAddressLine(address, name)));
    if (name === own) lines.push(...(host.addresses ?? []).map((address) => furtherLine(address, name)));
    lines.push(`link set ${name} up`);
  }
  const server = host.server;
  const vipDevice = server?.vipDevice === 'eth0' ? own : server?.vipDevice;
  if (vipDevice === 'dummy0') lines.push('link set dummy0 up');
  if (server && vipDevice !== undefined && vipDevice !== 'none' && !filesSay(host, 'vips')) {
    for (const vip of vipsServedBy(spec, host.name)) {
      const length = isIpv6(vip) ? (server.vip6PrefixLength ?? 128) : server.vipPrefixLength;
      lines.push(addressLine(vip, length, vipDevice));
    }
  }
  if (isTunnelEnd(spec, host.name)) lines.push('link set tunl0 up');
  if (host.gateway) lines.push(`route add default via ${host.gateway}`);
  lines.push(...(host.routes ?? []).map((route) => `route add ${route}`));
  return `${lines.join('\n')}\n`;
}

/** With the broadcast address of its network, which a whole address has not. */
function ownAddressLine(address: string, device: string): string {
  const [ip = '', length] = address.split('/');
  if (isIpv6(ip) || Number(length) > 30) return addressLine(ip, Number(length), device);
  return `addr add ${address} brd + dev ${device}`;
}

function furtherLine(address: string, device: string): string {
  const [ip = '', length] = address.split('/');
  return addressLine(ip, Number(length), device);
}

/** The rules of each family, which `ip` does not tell from the text. */
export const ruleLines = (host: HostSpec, family: 4 | 6): string =>
  (filesSay(host, 'addresses') ? [] : (host.rules ?? []))
    .filter((rule) => isIpv6(rule) === (family === 6))
    .map((rule) => `rule add ${rule}\n`)
    .join('');

/** Duplicate address detection would leave an IPv6 address tentative, and so deaf, for its first second or two. */
const addressLine = (address: string, length: number, device: string): string =>
  `addr add ${address}/${length} dev ${device}${isIpv6(address) ? ' nodad' : ''}`;

/** The VIPs that a real server must own: those of services that reach it by DR or TUN. */
export function vipsServedBy(spec: LabSpec, name: string): string[] {
  const services = spec.services.filter((service) => reachedBy([service], 'dr', 'tun').has(name));
  return vipsOf({ ...spec, services });
}

const isTunnelEnd = (spec: LabSpec, name: string): boolean => reachedBy(spec.services, 'tun').has(name);
