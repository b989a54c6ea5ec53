import type { Check, Own, Stage } from '../../src/model/check.ts';
import { hasIpvs, traitsOf } from '../../src/model/director-kinds.ts';
import { freeAddresses } from '../../src/model/free-addresses.ts';
import {
  type Destination,
  type HostSpec,
  hostsOf,
  type LabSpec,
  type ServiceSpec,
  vipsOf,
} from '../../src/model/spec.ts';
import { routerOf } from '../../src/model/vantage.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { expectReshapable } from './reshaping.ts';

/** Parts that stages are put together from. Each returns a changed copy, and leaves hosts that exist their addresses. */

export type Change = (spec: LabSpec) => LabSpec;

export const stage = (id: string, title: string, ...changes: Change[]): Stage => ({
  id,
  title,
  change: (spec) => ({
    ...changes.reduce((lab, change) => change(lab), structuredClone(spec)),
    stage: id,
  }),
});

/**
 * One director set with ipvsadm, without VRRP and health checks: nothing but IPVS decides.
 * @throws {NotInLab} where directors are not IPVS.
 */
export function oneIpvsDirector(spec: LabSpec): LabSpec {
  if (!hasIpvs(spec.director.kind))
    throw new NotInLab(`lab «${spec.name}» has ${traitsOf(spec).title}, not IPVS`);
  const [first, ...others] = hostsOf(spec, 'director').map((host) => host.name);
  if (first === undefined) throw new NotInLab(`lab «${spec.name}» has no director`);
  const hosts = spec.hosts.filter((host) => !others.includes(host.name));
  return { ...spec, director: { kind: 'ipvsadm' }, hosts };
}

/** The same, but of a lab whose director is not IPVS what it has. */
export const oneDirector: Change = (spec) => (hasIpvs(spec.director.kind) ? oneIpvsDirector(spec) : spec);

/** Exactly `n` real servers, the first ones, in every service. */
export const firstServers =
  (n: number): Change =>
  (spec) => {
    const names = hostsOf(spec, 'realServer').map((host) => host.name);
    if (names.length < n) throw new NotInLab(`lab «${spec.name}» has fewer than ${n} real servers`);
    const dropped = new Set(names.slice(n));
    const kept = (service: ServiceSpec): ServiceSpec => ({
      ...service,
      realServers: service.realServers.filter((server) => !dropped.has(server.name)),
    });
    return {
      ...spec,
      hosts: spec.hosts.filter((host) => !dropped.has(host.name)),
      services: spec.services.map(kept).filter((service) => service.realServers.length > 0),
    };
  };

/** What a service of a stage says; the rest is the same for all. */
export type ServiceSketch = Partial<Omit<ServiceSpec, 'realServers'>> & {
  port: number;
  /** By place in the lab: the first real server has the first weight. Default: 1 for all. */
  weights?: number[];
  /** The thresholds of all of them. */
  limits?: Pick<Destination, 'upperThreshold' | 'lowerThreshold'>;
};

/**
 * For a stage that puts services of DR in place of the lab's.
 * @throws {NotInLab} where real servers have the director as their gateway, and would answer through it all the same.
 */
export function expectNoMasquerading({ name, services }: LabSpec): void {
  if (services.some(({ forward }) => forward === 'nat'))
    throw new NotInLab(
      `this needs services of DR, and the real servers of lab «${name}» answer through the director (NAT)`,
    );
}

/** These services, on the lab's first VIP, instead of the lab's own; all real servers are behind each. */
export const services =
  (...sketches: ServiceSketch[]): Change =>
  (spec) => {
    const vip = vipsOf(spec)[0];
    const servers = hostsOf(spec, 'realServer').map((host) => host.name);
    if (vip === undefined || servers.length === 0)
      throw new NotInLab(`lab «${spec.name}» has no service with real servers`);
    expectNoMasquerading(spec);
    const built = sketches.map(
      ({ weights, limits, ...sketch }): ServiceSpec => ({
        vip,
        protocol: 'tcp',
        scheduler: 'rr',
        forward: 'dr',
        persistenceS: 0,
        ...sketch,
        realServers: servers.map((name, i) => ({ name, weight: weights?.[i] ?? 1, ...limits })),
      }),
    );
    return { ...spec, services: built };
  };

/** Sysctls on every host of a role, before anything else happens there. */
export const withSysctls =
  (role: HostSpec['role'], values: Record<string, string>): Change =>
  (spec) => ({
    ...spec,
    hosts: spec.hosts.map((host) =>
      host.role === role ? { ...host, sysctls: { ...host.sysctls, ...values } } : host,
    ),
  });

/**
 * Gives the first client on the segment `n` more addresses of the lab's network, away from those that labs hand out.
 * They are `clientAddresses(spec)`.
 */
export const moreClientAddresses =
  (n: number): Change =>
  (spec) => {
    const client = hostsOf(spec, 'client').find((host) => host.segment === 'lan');
    if (!client) throw new NotInLab(`lab «${spec.name}» has no client on the segment`);
    const free = freeAddresses(spec, n);
    const addresses = free.map((address) => `${address}/${client.prefixLength}`);
    return {
      ...spec,
      hosts: spec.hosts.map((host) => (host.name === client.name ? { ...host, addresses } : host)),
    };
  };

/** All addresses of the first client on the segment, its CIP first. */
export function clientAddresses(spec: LabSpec): string[] {
  const client = hostsOf(spec, 'client').find((host) => host.segment === 'lan');
  if (!client) return [];
  return [client.ip, ...(client.addresses ?? []).map((one) => one.slice(0, one.indexOf('/')))];
}

/** Puts the first client behind a router, which the lab gets if it has none. Routed is what most clients are. */
export function clientBehindRouter(spec: LabSpec): LabSpec {
  const client = hostsOf(spec, 'client')[0];
  if (!client) throw new NotInLab(`lab «${spec.name}» has no client`);
  expectReshapable(spec, 'are where they are: none can be moved behind a router');
  if (client.segment === 'outside') return spec;
  const router: HostSpec = hostsOf(spec, 'router')[0] ?? {
    name: 'r1',
    role: 'router',
    ip: client.ip,
    prefixLength: client.prefixLength,
    mac: client.mac,
    sysctls: { ...client.sysctls, 'net.ipv4.ip_forward': '1' },
    segment: 'lan',
    outside: { ip: '198.19.0.1', prefixLength: 24, mac: '02:0e:00:00:fe:01' },
  };
  const outside = router.outside ?? { ip: '198.19.0.1', prefixLength: 24, mac: '02:0e:00:00:fe:01' };
  const { prefixLength } = outside;
  const after = outside.ip.replace(/\d+$/, '9');
  const [free = ''] = freeAddresses(spec, 1, {
    network: { base: outside.ip, prefixLength },
    from: { after },
  });
  const moved: HostSpec = {
    ...client,
    segment: 'outside',
    ip: free,
    prefixLength: outside.prefixLength,
    mac: '02:0e:00:00:fe:0a',
    gateway: outside.ip,
  };
  const others = spec.hosts
    .filter((host) => host.name !== client.name && host.name !== router.name)
    .map((host) => (host.segment === 'lan' && !host.gateway ? { ...host, gateway: router.ip } : host));
  return { ...spec, hosts: [moved, { ...router, outside }, ...others] };
}

/**
 * The same check in another stage, as a check of its own: `PP-01@routed`.
 * Mutants come along, since they change whatever lab they are given; but for those that want a vantage more.
 */
export const inStage = (where: Stage, { own: _, ...check }: Check): Check => ({
  ...check,
  id: `${check.id}@${where.id}`,
  title: `${check.title} (${where.id})`,
  stage: where,
  mutants: check.mutants.filter(({ elsewhere }) => !elsewhere),
});

/** One ipvsadm director, and the lab's first client behind a router: ARP faults act on the router. */
export const routed = stage(
  'routed',
  'one director set with ipvsadm; the client is behind a router',
  oneIpvsDirector,
  clientBehindRouter,
);

const behindRouter: Own = {
  subject: 'a client behind a router',
  has: (spec) => hostsOf(spec, 'client').some((client) => routerOf(spec, client) !== undefined),
  vantages: { clients: 'routed' },
};

/** The same check for a client behind a router: that of the lab as written, or else of a stage that has one. */
export const whereRouted = (check: Check): Check => ({ ...inStage(routed, check), own: behindRouter });
