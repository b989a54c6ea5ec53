import { deviceOf, type HostSpec, type LabSpec } from '../../src/model/spec.ts';
import { quote } from '../../src/util/quote.ts';
import { sysctlPath, vipsServedBy } from '../base/addressing.ts';
import type { Inspection } from './inspect.ts';
import type { Undo } from './ledger-text.ts';

/** What is done on one machine before directors are configured, and what undoes it. */
export interface Preparation {
  undo: Undo[];
  script: string;
}

/** Sysctls of a lab in namespaces that have no place on a machine of somebody's: IPv6 stays as it is. */
const isLeftAlone = (key: string): boolean => key.startsWith('net.ipv6.');

/**
 * The host as the machine is: its own MAC address, prefix and gateway, and sysctls that name its own interface.
 * Pure; `machineProblems` has been asked before.
 */
export function hostAsItIs(host: HostSpec, found: Inspection): HostSpec {
  const device = deviceOf(host);
  const link = found.links.find(({ name }) => name === device);
  const { gateway: _, ...rest } = host;
  return {
    ...rest,
    mac: link?.mac ?? host.mac,
    prefixLength: link?.addresses.find(({ ip }) => ip === host.ip)?.prefixLength ?? host.prefixLength,
    ...(found.gateway !== undefined && { gateway: found.gateway }),
    sysctls: Object.fromEntries(
      Object.entries(host.sysctls)
        .filter(([key]) => !isLeftAlone(key))
        .map(([key, value]) => [key.replace('.conf.eth0.', `.conf.${device.replaceAll('.', '/')}.`), value]),
    ),
  };
}

/** Pure: sysctls, then what a real server needs to own the VIPs. */
export function prepare(spec: LabSpec, host: HostSpec, found: Inspection): Preparation {
  const steps = [sysctlStep(host, found), vipStep(spec, host, found)];
  return {
    undo: steps.flatMap(({ undo }) => undo),
    script: steps.map(({ script }) => script).join(''),
  };
}

/**
 * All are written when one differs, in their order, since a change of `ip_forward` resets others (ip-sysctl.rst).
 * For the same reason more is restored than was written: see `affected`.
 */
function sysctlStep(host: HostSpec, found: Inspection): Preparation {
  const wanted = Object.entries(host.sysctls).map(([key, value]) => ({ path: sysctlPath(key), value }));
  const changed = wanted
    .filter(({ path, value }) => found.sysctls.get(path) !== value)
    .map(({ path }) => path);
  if (changed.length === 0) return { undo: [], script: '' };
  const writes = wanted.map(({ path, value }) => `put ${quote(`/proc/sys/${path}`)} ${quote(value)}`);
  return {
    // The ledger is replayed from its end.
    undo: affected(
      wanted.map(({ path }) => path),
      changed,
      found.sysctls,
    )
      .reverse()
      .map(([path, old]) => ({ command: `sysctl_back ${quote(`/proc/sys/${path}`)} ${quote(old)}` })),
    script: `put() { printf '%s\\n' "$2" >"$1" || { echo "sysctl $1 = $2 is refused" >&2; exit 1; }; }\n${writes.join('\n')}\n`,
  };
}

/**
 * Everything that writing these may change, with its value before, in the order in which restoring it is exact:
 * `ip_forward` sets `forwarding` of every interface and `all/accept_redirects`; `default/KEY` goes to each
 * interface whose own was never set (devinet.c, devinet_copy_dflt_conf); the rest changes nothing but itself.
 */
function affected(wanted: string[], changed: string[], now: Map<string, string>): [string, string][] {
  const paths = new Set(wanted);
  const forwards = changed.some((path) => /\/ip_forward$|\/conf\/all\/forwarding$/.test(path));
  const spreading = new Set(changed.flatMap((path) => /\/ipv4\/conf\/default\/(\w+)$/.exec(path)?.[1] ?? []));
  for (const path of now.keys()) {
    const [, device, key = ''] = /^net\/ipv4\/conf\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    if (spreading.has(key)) paths.add(path);
    if (forwards && (key === 'forwarding' || (key === 'accept_redirects' && device === 'all')))
      paths.add(path);
  }
  const rank = (path: string): number => {
    if (/\/ip_forward$|\/conf\/all\/forwarding$/.test(path)) return 0;
    return path.includes('/conf/default/') ? 1 : 2;
  };
  return [...paths]
    .flatMap((path): [string, string][] => {
      const value = now.get(path);
      return value === undefined ? [] : [[path, value]];
    })
    .sort(([a], [b]) => rank(a) - rank(b));
}

function vipStep(spec: LabSpec, host: HostSpec, found: Inspection): Preparation {
  const server = host.server;
  const vips = vipsServedBy(spec, host.name);
  const step: Preparation = { undo: [], script: '' };
  if (!server || server.vipDevice === 'none' || vips.length === 0) return step;
  const device = server.vipDevice === 'eth0' ? deviceOf(host) : server.vipDevice;
  if (device === 'dummy0' && !found.links.some(({ name }) => name === 'dummy0')) {
    step.undo.push({ command: 'link_gone dummy0' });
    step.script += 'ip link add dummy0 type dummy && ip link set dummy0 up || exit 1\n';
  }
  for (const vip of vips) {
    // An address that is there already is not ours to remove.
    const there = found.links.some(
      ({ name, addresses }) => name === device && addresses.some(({ ip }) => ip === vip),
    );
    if (there) continue;
    const address = `${vip}/${server.vipPrefixLength}`;
    step.undo.push({ command: `address_gone ${address} ${quote(device)}` });
    step.script += `ip addr add ${address} dev ${quote(device)} || exit 1\n`;
  }
  return step;
}
