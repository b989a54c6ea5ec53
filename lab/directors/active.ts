import { deviceOf, type HostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';

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
    .map((vip) => `addr add ${vip}/32 dev ${deviceOf(director)}\n`)
    .join('');

/** A here-document for `sh`: runs the command with the text as its standard input. */
export const feed = (command: string, text: string): string => `${command} <<'DRLAB_END'\n${text}DRLAB_END\n`;
