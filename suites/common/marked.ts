import type { Own } from '../../src/model/check.ts';
import { hasIpvs } from '../../src/model/director-kinds.ts';
import { entryOf } from '../../src/model/ipvs-words.ts';
import type { LabSpec, ServiceSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';

/** Services of the lab as written that take several ports as one. */

/** The TCP ports of the VIP that one service in the table of IPVS takes. */
const portsWith = (spec: LabSpec, service: ServiceSpec): number[] =>
  spec.services
    .filter((one) => entryOf(one) === entryOf(service) && one.vip === service.vip && one.protocol === 'tcp')
    .map(({ port }) => port);

const groups = (spec: LabSpec, fits: (service: ServiceSpec) => boolean): ServiceSpec[] =>
  spec.services.filter((one) => one.protocol === 'tcp' && !isIpv6(one.vip) && fits(one));

/** @param subject «a persistent service by firewall mark». */
export const ownGroup = (subject: string, fits: (service: ServiceSpec) => boolean, atLeast: number): Own => ({
  subject,
  has: (spec) =>
    hasIpvs(spec.director.kind) && groups(spec, fits).some((one) => portsWith(spec, one).length >= atLeast),
  needs: ['ipvs', 'director'],
  vantages: { clients: true, services: { protocol: 'tcp', fits } },
});

/** The first such service, and of its ports the first, the last and some between. */
export function groupOf(
  spec: LabSpec,
  fits: (service: ServiceSpec) => boolean,
  most: number,
): { service: ServiceSpec; ports: number[] } {
  const [service] = groups(spec, fits);
  if (!service) throw new NotInLab(`lab «${spec.name}» has no such service of several ports`);
  const all = portsWith(spec, service);
  const count = Math.min(most, all.length);
  const at = (i: number): number =>
    all[Math.round((i * (all.length - 1)) / Math.max(1, count - 1))] ?? service.port;
  return { service, ports: Array.from({ length: count }, (_, i) => at(i)) };
}
