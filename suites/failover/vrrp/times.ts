import { type HostSpec, hostsOf, type LabSpec, type VrrpSpec } from '../../../src/model/spec.ts';

export interface VrrpTimes {
  skewMs: number;
  /** How long a backup waits for an advertisement before it takes over. */
  masterDownMs: number;
}

/** VRRPv2 (RFC 3768 §6.1): (256 − priority) / 256 s. VRRPv3 (RFC 9568 §6.1): (256 − priority) × advert / 256. */
export const skewMs = ({ version, advertMs }: VrrpSpec, priority: number): number =>
  ((256 - priority) * (version === 2 ? 1_000 : advertMs)) / 256;

export const masterDownMs = (vrrp: VrrpSpec, priority: number): number =>
  3 * vrrp.advertMs + skewMs(vrrp, priority);

/**
 * Timers of the backup with the highest priority.
 * @throws Error when the lab has no VRRP.
 */
export function vrrpTimes({ director: { vrrp } }: LabSpec): VrrpTimes {
  if (!vrrp) throw new Error('the lab has no VRRP');
  const [, backup = 100] = [...vrrp.priorities].sort((a, b) => b - a);
  return {
    skewMs: Math.round(skewMs(vrrp, backup)),
    masterDownMs: Math.round(masterDownMs(vrrp, backup)),
  };
}

/** The directors; whom VRRP has the VIPs first comes first. */
export function byPriority(spec: LabSpec): HostSpec[] {
  const directors = hostsOf(spec, 'director');
  const { priorities = [] } = spec.director.vrrp ?? {};
  const of = (host: HostSpec): number => priorities[directors.indexOf(host)] ?? 0;
  return directors.toSorted((a, b) => of(b) - of(a));
}
