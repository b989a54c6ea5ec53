import { type HostSpec, hostsOf, type LabSpec, vipsOf, vrrpInstancesOf } from '../../src/model/spec.ts';
import { deviceFor } from '../../src/model/topology.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';

/** The director that works from the start: the holder of the first VIP; without VRRP the first director. */
export function activeDirector(spec: LabSpec): HostSpec | undefined {
  const [first] = vrrpInstancesOf(spec);
  return first ? ofHighest(spec, first.priorities) : hostsOf(spec, 'director')[0];
}

export const isActive = (spec: LabSpec, director: HostSpec): boolean =>
  activeDirector(spec)?.name === director.name;

/** The VIPs that the director holds when nothing is wrong: those of the instances in which it is highest. */
export function vipsHeldBy(spec: LabSpec, director: HostSpec): string[] {
  if (spec.director.announce) return vipsOf(spec);
  if (!spec.director.vrrp) return isActive(spec, director) ? vipsOf(spec) : [];
  return vrrpInstancesOf(spec)
    .filter(({ priorities }) => ofHighest(spec, priorities)?.name === director.name)
    .flatMap(({ vips }) => vips);
}

/** The director of highest priority; of equals the first. */
export const ofHighest = (spec: LabSpec, priorities: number[]): HostSpec | undefined =>
  hostsOf(spec, 'director')
    .map((host, i) => ({ host, priority: priorities[i] ?? 0 }))
    .reduce<{ host: HostSpec; priority: number } | undefined>(
      (best, each) => (best && best.priority >= each.priority ? best : each),
      undefined,
    )?.host;

/** `ip -batch` lines that put every VIP on the director's interface, as VRRP would. */
export const vipAddresses = (spec: LabSpec, director: HostSpec): string =>
  vipsOf(spec)
    .map((vip) => {
      // Without nodad an IPv6 address is tentative, which is deaf, for its first second or two.
      const [address, flag] = isIpv6(vip) ? [`${vip}/128`, ' nodad'] : [`${vip}/32`, ''];
      return `addr add ${address} dev ${deviceFor(director, vip)}${flag}\n`;
    })
    .join('');

/** A here-document for `sh`: runs the command with the text as its standard input. */
export const feed = (command: string, text: string): string => `${command} <<'DRLAB_END'\n${text}DRLAB_END\n`;
