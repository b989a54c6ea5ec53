import { isIpv6 } from '../../util/ipv6.ts';
import { hasIpvs } from '../director-kinds.ts';
import { reachedBy } from '../forwarding.ts';
import type { DirectorSpec, FilesSpec, HostSpec, Impairment, InterfaceSpec, ServiceSpec } from '../spec.ts';
import type { Addressed } from './addressed.ts';
import { placementOf } from './driver.ts';
import type { RawLab } from './schema.ts';
import { defaultSysctls, type SysctlNeeds, withOverrides } from './sysctls.ts';

export interface Known {
  raw: RawLab;
  director: DirectorSpec;
  services: ServiceSpec[];
  /** By name of the host. */
  links: Map<string, Impairment | undefined>;
  /** By name of the host. */
  files: Map<string, FilesSpec | undefined>;
}

/** Adds what follows from the services and from the other hosts: gateways, sysctls, the VIP's device. */
export function completeHosts(hosts: Addressed[], known: Known): HostSpec[] {
  const servers = {
    nat: reachedBy(known.services, 'nat'),
    tun: reachedBy(known.services, 'tun'),
  };
  const router = hosts.find((host) => host.role === 'router');
  const director = hosts.find((host) => host.role === 'director');
  return hosts.map((host): HostSpec => {
    const { name, role, segment, ip, ip6, prefixLength, mac, outside, interfaces, routing, server } = host;
    const masqueraded = role === 'realServer' && servers.nat.has(name);
    const wayOut = segment === 'outside' ? router?.outside?.ip : router?.ip;
    const plainGateway = role === 'router' ? undefined : masqueraded ? director?.ip : wayOut;
    const { gateway, ...routes } = routing ?? { gateway: plainGateway };
    const link = known.links.get(name);
    const files = known.files.get(name);
    // With masquerading the director alone has the VIP.
    const vipDevice = server?.vipDevice ?? (masqueraded ? 'none' : 'lo');
    return {
      name,
      role,
      ip,
      prefixLength,
      ...(ip6 && { ip6 }),
      mac,
      ...(gateway !== undefined && { gateway }),
      ...(link && { link }),
      sysctls: sysctlsOf(host, known, servers),
      ...(outside && { outside }),
      segment,
      ...(interfaces && { interfaces }),
      ...routes,
      ...(server && { server: { ...server, vipDevice } }),
      ...(files && { files }),
      ...placementOf(host),
    };
  });
}

const keyOfRole = { client: 'clients', director: 'directors', realServer: 'realServers' } as const;

function sysctlsOf(
  host: Addressed,
  { raw, director }: Known,
  servers: { nat: Set<string>; tun: Set<string> },
): Record<string, string> {
  const { role, name } = host;
  const masquerades = role === 'director' && servers.nat.size > 0;
  const defaults = defaultSysctls(role, {
    ipvs: role === 'director' && hasIpvs(director.kind),
    forwards: role === 'router' || masquerades,
    announced: director.announce !== undefined,
    tunnelEnd: role === 'realServer' && servers.tun.has(name),
    ipv6: host.ip6 !== undefined,
    ...(host.interfaces && wiredNeeds(host.interfaces)),
  });
  const ofRole = role === 'router' ? {} : raw.sysctls[keyOfRole[role]];
  return withOverrides(defaults, ofRole, host.sysctls);
}

const wiredNeeds = (interfaces: InterfaceSpec[]): SysctlNeeds => ({
  devices: interfaces.filter(({ addresses }) => addresses.length > 0).map(({ name }) => name),
  ipv6: interfaces.some(({ addresses }) => addresses.some(isIpv6)),
});
