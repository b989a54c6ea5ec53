import { freeAddresses } from '../../src/model/free-addresses.ts';
import { hostSpec, hostsOf, type LabSpec, type ServerSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';

/** How one real server answers under a workload. */
export interface Serving extends Pick<ServerSpec, 'delayMs'> {
  /** Requests worked on at once; missing: no limit. */
  concurrency?: number;
  /** In the service; default 1. */
  weight?: number;
}

/** The service that comparisons measure: the first TCP service of the lab. @throws {NotInLab} where there is none. */
export function comparedService(spec: LabSpec): ServiceSpec {
  const service = spec.services.find(({ protocol, vip }) => protocol === 'tcp' && !isIpv6(vip));
  if (!service) throw new NotInLab(`lab «${spec.name}» has no TCP service on an IPv4 address to compare on`);
  return service;
}

/**
 * The lab with real servers that answer like this, by their place in the service; a fourth one as the first, and so on.
 * @throws {NotInLab} with fewer than two real servers: there is nothing to choose between.
 */
export function serving(spec: LabSpec, pattern: readonly Serving[], keepWeights: boolean): LabSpec {
  const compared = comparedService(spec);
  if (compared.realServers.length < 2)
    throw new NotInLab(`the service of lab «${spec.name}» has one real server, so nothing is chosen`);
  const place = new Map(compared.realServers.map(({ name }, i) => [name, pattern[i % pattern.length]]));
  const hosts = spec.hosts.map((host) => {
    const wanted = place.get(host.name);
    if (!wanted || !host.server) return host;
    const { concurrency: _, ...server } = host.server;
    const { delayMs, concurrency } = wanted;
    return { ...host, server: { ...server, delayMs, ...(concurrency !== undefined && { concurrency }) } };
  });
  const realServers = compared.realServers.map((server) => ({
    ...server,
    weight: keepWeights ? server.weight : (place.get(server.name)?.weight ?? 1),
  }));
  const services = spec.services.map((service) =>
    service === compared ? { ...service, realServers } : service,
  );
  return { ...spec, hosts, services };
}

/** Gives the client that sends so many addresses, its own among them. @throws {NotInLab} where they do not fit. */
export function withSources(spec: LabSpec, count: number): LabSpec {
  const client = sender(spec);
  const { ip, prefixLength } = client;
  const free = freeAddresses(spec, count - 1, { network: { base: ip, prefixLength } });
  const addresses = free.map((address) => `${address}/${prefixLength}`);
  const hosts = spec.hosts.map((host) => (host.name === client.name ? { ...host, addresses } : host));
  return { ...spec, hosts };
}

/** The client that the load comes from. */
export function sender(spec: LabSpec) {
  const client = hostsOf(spec, 'client')[0];
  if (!client) throw new NotInLab(`lab «${spec.name}» has no client`);
  return client;
}

/** Its addresses, its CIP first. */
export const sources = (spec: LabSpec): string[] => {
  const { ip, addresses = [] } = sender(spec);
  return [ip, ...addresses.map((one) => one.slice(0, one.indexOf('/')))];
};

/** The RIPs of the compared service. */
export const ripsOf = (spec: LabSpec): string[] =>
  comparedService(spec).realServers.map(({ name }) => hostSpec(spec, name).ip);
