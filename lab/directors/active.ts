import { deviceOf, type HostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';

/** The director that works from the start: of highest VRRP priority, without VRRP the first. */
export function activeDirector(spec: LabSpec): HostSpec | undefined {
  const directors = hostsOf(spec, 'director');
  const priorities = spec.director.vrrp?.priorities ?? [];
  return directors
    .map((host, i) => ({ host, priority: priorities[i] ?? 0 }))
    .reduce<{ host: HostSpec; priority: number } | undefined>(
      (best, each) => (best && best.priority >= each.priority ? best : each),
      undefined,
    )?.host;
}

export const isActive = (spec: LabSpec, director: HostSpec): boolean =>
  activeDirector(spec)?.name === director.name;

/** `ip -batch` lines that put every VIP on the director's interface, as VRRP would. */
export const vipAddresses = (spec: LabSpec, director: HostSpec): string =>
  vipsOf(spec)
    .map((vip) => {
      // Without nodad an IPv6 address is tentative, which is deaf, for its first second or two.
      const [address, flag] = isIpv6(vip) ? [`${vip}/128`, ' nodad'] : [`${vip}/32`, ''];
      return `addr add ${address} dev ${deviceOf(director)}${flag}\n`;
    })
    .join('');

/** @throws {NotInLab} for a VIP that is an IPv6 address, which this kind of director is not set up for yet. */
export function onlyIpv4(spec: LabSpec, kind: string): void {
  const vip = vipsOf(spec).find(isIpv6);
  if (vip !== undefined)
    throw new NotInLab(`drlab sets up ${kind} directors for IPv4 only, and ${vip} is IPv6: take ipvsadm`);
}

/** A here-document for `sh`: runs the command with the text as its standard input. */
export const feed = (command: string, text: string): string => `${command} <<'DRLAB_END'\n${text}DRLAB_END\n`;
