import { comesInPairs } from '../../src/model/director-kinds.ts';
import { type HostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';

/** Who directs, as the lab file has it. */

/** Daemons of the directors move the VIPs. */
export const movesVips = ({ director }: LabSpec): boolean =>
  director.vrrp !== undefined || comesInPairs(director.kind);

/** Of VIPs that nobody moves. */
export const vipHolder = (spec: LabSpec): HostSpec | undefined => hostsOf(spec, 'director')[0];

/** Interfaces that keepalived makes for virtual MAC addresses. */
export function virtualRouters({ director: { vrrp } }: LabSpec): string[] {
  if (!vrrp?.virtualMac) return [];
  const ids = vrrp.instances?.map(({ virtualRouterId }) => virtualRouterId) ?? [vrrp.virtualRouterId];
  return ids.map((id) => `vrrp.${id}`);
}
