import { isIpv6 } from '../util/ipv6.ts';
import type { LabSpec } from './spec.ts';

/** What the families of a lab's services mean for a check. */

export type Family = 4 | 6;

export const familyOf = (address: string): Family => (isIpv6(address) ? 6 : 4);

/** Those of the lab's services, each once. */
export const familiesOf = ({ services }: Pick<LabSpec, 'services'>): Family[] => [
  ...new Set(services.map(({ vip }) => familyOf(vip))),
];

export const bothFamilies: readonly Family[] = [4, 6];

/** ARP, IPv4 headers, addresses that are made up: a check knows IPv4 unless it says more. */
export const familiesFor = ({ families = [4] }: { families?: readonly Family[] }): readonly Family[] =>
  families;

/** «IPv4», «IPv4 and IPv6». */
export const familyWords = (families: readonly Family[]): string =>
  families.map((family) => `IPv${family}`).join(' and ');

/** Why a check that is about these families says nothing of the lab; undefined where it does. */
export function notItsFamily(spec: LabSpec, families: readonly Family[]): string | undefined {
  const own = familiesOf(spec);
  if (own.length === 0 || own.some((family) => families.includes(family))) return undefined;
  return `it judges services of ${familyWords(families)}, and those of this lab are of ${familyWords(own)}`;
}

/** The same lab with the services of these families and no others, and the virtual routers that move their VIPs. */
export function onlyOfFamilies(spec: LabSpec, families: readonly Family[]): LabSpec {
  const isKept = (vip: string): boolean => families.includes(familyOf(vip));
  const services = spec.services.filter(({ vip }) => isKept(vip));
  if (services.length === spec.services.length) return spec;
  const { vrrp } = spec.director;
  if (!vrrp?.instances) return { ...spec, services };
  const instances = vrrp.instances
    .map((one) => ({ ...one, vips: one.vips.filter(isKept) }))
    .filter(({ vips }) => vips.length > 0);
  return { ...spec, services, director: { ...spec.director, vrrp: { ...vrrp, instances } } };
}
