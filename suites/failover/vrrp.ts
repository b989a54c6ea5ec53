import type { LabSpec } from '../../src/model/spec.ts';

export interface VrrpTimes {
  skewMs: number;
  /** How long a backup waits for an advertisement before it takes over. */
  masterDownMs: number;
}

/**
 * Timers of the backup with the highest priority.
 * VRRPv2 (RFC 3768 §5.3.1): skew = (256 − priority) / 256 s. VRRPv3 (RFC 9568 §6.1): (256 − priority) × advert / 256.
 * @throws Error when the lab has no VRRP.
 */
export function vrrpTimes({ director: { vrrp } }: LabSpec): VrrpTimes {
  if (!vrrp) throw new Error('the lab has no VRRP');
  const [, backup = 100] = [...vrrp.priorities].sort((a, b) => b - a);
  const unitMs = vrrp.version === 2 ? 1_000 : vrrp.advertMs;
  const skewMs = ((256 - backup) * unitMs) / 256;
  return { skewMs: Math.round(skewMs), masterDownMs: Math.round(3 * vrrp.advertMs + skewMs) };
}
