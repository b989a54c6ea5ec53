import type { Role } from '../spec.ts';

export interface SysctlNeeds {
  /** A director of IPVS, with `net.ipv4.vs`. */
  ipvs?: boolean;
  /** Passes on what is not its own: a router, or the director of a NAT service. */
  forwards?: boolean;
  /** A real server that unpacks IPIP. */
  tunnelEnd?: boolean;
  /** Interfaces with addresses; default: eth0, and eth1 of a router. */
  devices?: readonly string[];
  ipv6?: boolean;
  /** VIPs are announced to routers, which know them by no neighbour table. */
  announced?: boolean;
}

/**
 * Every sysctl that matters to DR, written explicitly: a new network namespace copies IPv4 `conf/all` and
 * `conf/default` from the machine that it runs on. Order matters: a change of `ip_forward` resets `forwarding` of
 * every interface and `accept_redirects` (ip-sysctl.rst), so it comes after the former and before the latter.
 */
export function defaultSysctls(role: Role, options: SysctlNeeds): Record<string, string> {
  const plain = role === 'router' ? ['eth0', 'eth1'] : ['eth0'];
  // sysctl(8): the dot in the name of a VLAN is written as a slash.
  const own = (options.devices ?? plain).map((device) => device.replaceAll('.', '/'));
  const result: Record<string, string> = {};
  const forward = options.forwards ? '1' : '0';
  for (const device of ['default', ...own]) result[`net.ipv4.conf.${device}.forwarding`] = forward;
  result['net.ipv4.ip_forward'] = forward;
  for (const device of ['all', 'default', ...own]) {
    for (const key of quietKeys) result[`net.ipv4.conf.${device}.${key}`] = '0';
  }
  if (role === 'realServer' || (role === 'director' && options.announced)) {
    // The kernel takes the larger of `all` and the interface: `all` decides, the others stay out of the way.
    for (const key of ['arp_ignore', 'arp_announce']) result[`net.ipv4.conf.lo.${key}`] = '0';
    result['net.ipv4.conf.all.arp_ignore'] = '1';
    result['net.ipv4.conf.all.arp_announce'] = '2';
  }
  if (options.tunnelEnd) result['net.ipv4.conf.tunl0.rp_filter'] = '0';
  if (options.ipv6) Object.assign(result, ipv6Sysctls(own, forward));
  // Without IPv6 a large segment has no neighbour discovery to carry.
  else for (const device of ['all', 'default']) result[`net.ipv6.conf.${device}.disable_ipv6`] = '1';
  // A flow, not a pair of addresses, is what is spread.
  if (role === 'router' && options.announced) result['net.ipv4.fib_multipath_hash_policy'] = '1';
  if (options.ipvs) for (const [key, value] of ipvsDefaults) result[`net.ipv4.vs.${key}`] = value;
  return result;
}

/** Duplicate address detection is off, so that addresses work at once, and nobody learns routes from the segment. */
export function ipv6Sysctls(devices: readonly string[], forwarding: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const device of ['all', 'default']) result[`net.ipv6.conf.${device}.disable_ipv6`] = '0';
  for (const device of ['all', 'default', ...devices]) {
    for (const key of ['accept_dad', 'accept_ra', 'autoconf', 'accept_redirects'])
      result[`net.ipv6.conf.${device}.${key}`] = '0';
    result[`net.ipv6.conf.${device}.forwarding`] = forwarding;
    result[`net.ipv6.conf.${device}.proxy_ndp`] = '0';
  }
  return result;
}

const quietKeys = [
  'rp_filter',
  'arp_ignore',
  'arp_announce',
  'arp_notify',
  'arp_accept',
  'arp_filter',
  'proxy_arp',
  'accept_local',
  'accept_redirects',
  'send_redirects',
  'log_martians',
];

/** The kernel's own defaults (ipvs-sysctl.rst), all present in 6.1 and 6.12. */
const ipvsDefaults = [
  ['conn_reuse_mode', '1'],
  ['expire_nodest_conn', '0'],
  ['expire_quiescent_template', '0'],
  ['conntrack', '0'],
  ['sloppy_tcp', '0'],
  ['drop_entry', '0'],
  ['drop_packet', '0'],
  ['secure_tcp', '0'],
  ['cache_bypass', '0'],
] as const;

export type RawSysctls = Record<string, string | number>;

/** Later ones win; a key keeps its place in the order. */
export function withOverrides(
  base: Record<string, string>,
  ...overrides: (RawSysctls | undefined)[]
): Record<string, string> {
  const result = { ...base };
  for (const [key, value] of overrides.flatMap((some) => Object.entries(some ?? {})))
    result[key] = String(value);
  return result;
}
