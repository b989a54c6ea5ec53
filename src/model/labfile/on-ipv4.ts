import { familiesOf, onlyOfFamilies } from '../family.ts';
import { freeAddresses } from '../free-addresses.ts';
import type { HostSpec, LabSpec, ServiceSpec } from '../spec.ts';
import { vipsOf } from '../spec.ts';

/**
 * The same lab with IPv4 services alone: for stages, which speak IPv6 where they say so. Where the lab has IPv6 services alone they
 * become services of IPv4.
 */
export function onIpv4(spec: LabSpec): LabSpec {
  if (!spec.hosts.some(({ ip6 }) => ip6) && !familiesOf(spec).includes(6)) return spec;
  const { subnet6: _, ...network } = spec.network;
  const services = familiesOf(spec).includes(4) ? onlyOfFamilies(spec, [4]) : moved(spec);
  return { ...services, network, hosts: spec.segments ? spec.hosts : spec.hosts.map(without6) };
}

const without6 = ({ ip6: _, ...host }: HostSpec): HostSpec => host;

function moved(spec: LabSpec): LabSpec {
  const all = vipsOf(spec);
  const free = freeAddresses(spec, all.length);
  const vips = new Map(all.map((vip, i) => [vip, free[i] ?? '']));
  const { vrrp } = spec.director;
  const at = (vip: string): string => vips.get(vip) ?? vip;
  return {
    ...spec,
    services: spec.services.map(
      ({ persistenceMask: _, ...service }): ServiceSpec => ({
        ...service,
        vip: at(service.vip),
      }),
    ),
    director: {
      ...spec.director,
      ...(vrrp?.instances && {
        vrrp: { ...vrrp, instances: vrrp.instances.map((one) => ({ ...one, vips: one.vips.map(at) })) },
      }),
    },
  };
}
