import type { z } from 'zod';
import { isIpv6 } from '../util/ipv6.ts';
import type { HealthCheckSpec, VrrpInstanceSpec } from './director.ts';
import type { filesSpecSchema, saidSchema } from './schema/files.ts';
import type {
  containerSpecSchema,
  hostSpecSchema,
  impairmentSchema,
  machineSpecSchema,
  roleSchema,
  serverSpecSchema,
} from './schema/host.ts';
import type {
  destinationSchema,
  dockerSpecSchema,
  driverSpecSchema,
  forwardingMethodSchema,
  labSpecSchema,
  protocolSchema,
  serviceSpecSchema,
  sshSpecSchema,
} from './schema/lab.ts';
import type { interfaceSchema, segmentSchema } from './schema/topology.ts';

export type {
  AnnounceSpec,
  DirectorSpec,
  HealthCheckSpec,
  HeartbeatSpec,
  VrrpInstanceSpec,
  VrrpSpec,
} from './director.ts';
export type { DirectorKind } from './kinds.ts';

/** The resolved lab; schema/lab.ts says what each field means. */

export type Role = z.infer<typeof roleSchema>;
export type ForwardingMethod = z.infer<typeof forwardingMethodSchema>;
export type Protocol = z.infer<typeof protocolSchema>;
export type Impairment = z.infer<typeof impairmentSchema>;
export type ServerSpec = z.infer<typeof serverSpecSchema>;
export type ContainerSpec = z.infer<typeof containerSpecSchema>;
export type MachineSpec = z.infer<typeof machineSpecSchema>;
export type FilesSpec = z.infer<typeof filesSpecSchema>;
export type Said = z.infer<typeof saidSchema>;
export type SegmentSpec = z.infer<typeof segmentSchema>;
export type InterfaceSpec = z.infer<typeof interfaceSchema>;
export type HostSpec = z.infer<typeof hostSpecSchema>;
export type DockerSpec = z.infer<typeof dockerSpecSchema>;
export type SshSpec = z.infer<typeof sshSpecSchema>;
export type DriverSpec = z.infer<typeof driverSpecSchema>;
export type DriverSpecOf<Kind extends DriverSpec['kind']> = Extract<DriverSpec, { kind: Kind }>;
/** A real server of one service. */
export type Destination = z.infer<typeof destinationSchema>;
export type ServiceSpec = z.infer<typeof serviceSpecSchema>;
export type LabSpec = z.infer<typeof labSpecSchema>;
export type Hooks = LabSpec['hooks'];

export const hostsOf = (spec: LabSpec, role: Role): HostSpec[] =>
  spec.hosts.filter((host) => host.role === role);

/** Name of the interface that carries the host's address. */
export const deviceOf = ({ device = 'eth0' }: Pick<HostSpec, 'device'>): string => device;

export function hostSpec(spec: LabSpec, name: string): HostSpec {
  const found = spec.hosts.find((host) => host.name === name);
  if (!found) throw new Error(`no host «${name}» in lab «${spec.name}»`);
  return found;
}

/** The host's address of the VIP's family: its CIP, DIP or RIP in a service. @throws where it has none. */
export function addressBeside(host: HostSpec, vip: string): string {
  if (!isIpv6(vip)) return host.ip;
  if (!host.ip6) throw new Error(`${host.name} has no IPv6 address, and the VIP ${vip} is one`);
  return host.ip6.address;
}

/** The scheduler alone decides where each connection goes: neither persistence nor a limit does. */
export const isScheduledBy = (service: ServiceSpec, scheduler: string): boolean =>
  service.scheduler === scheduler &&
  service.persistenceS === 0 &&
  service.realServers.every(({ upperThreshold = 0 }) => upperThreshold === 0);

/** The distinct VIPs, in the order of the services. */
export const vipsOf = (spec: LabSpec): string[] => [...new Set(spec.services.map((s) => s.vip))];

/** The instances of VRRP, one with all VIPs where the lab says nothing; none without VRRP. */
export function vrrpInstancesOf(spec: LabSpec): VrrpInstanceSpec[] {
  const { vrrp } = spec.director;
  if (!vrrp) return [];
  const { virtualRouterId, priorities } = vrrp;
  return vrrp.instances ?? [{ name: 'drlab', virtualRouterId, priorities, vips: vipsOf(spec) }];
}

/** The health check of a service: its own, or the lab's. */
export const healthCheckOf = (spec: LabSpec, service: ServiceSpec): HealthCheckSpec | undefined =>
  service.healthCheck === false ? undefined : (service.healthCheck ?? spec.director.healthCheck);

/** Names of all hosts that may have to serve: the real servers, and the one that says sorry. */
export const serversOf = (service: ServiceSpec): string[] => [
  ...new Set([
    ...service.realServers.map(({ name }) => name),
    ...(service.sorryServer ? [service.sorryServer] : []),
  ]),
];
