import { isIpv6 } from '../util/ipv6.ts';
import type { DirectorSpec, HealthCheckSpec, QuorumSpec, VrrpInstanceSpec } from './director.ts';

export type {
  DirectorKind,
  DirectorSpec,
  HealthCheckSpec,
  HeartbeatSpec,
  VrrpInstanceSpec,
  VrrpSpec,
} from './director.ts';

/**
 * The resolved lab: what a lab file means once every default is filled in.
 * Plain data: drivers build it, mutants change it, judges read it, run.json keeps it.
 */

export type Role = 'client' | 'router' | 'director' | 'realServer';
/** IPVS forwarding methods: DR (gatewaying), TUN (IPIP), NAT (masquerading). */
export type ForwardingMethod = 'dr' | 'tun' | 'nat';
export type Protocol = 'tcp' | 'udp';

/** What netem and tbf put on a link, in both directions. */
export interface Impairment {
  delayUs: number;
  jitterUs: number;
  lossPercent: number;
  /** 0: unlimited. */
  rateBitPerS: number;
}

export interface HostSpec {
  name: string;
  role: Role;
  /** The CIP, DIP or RIP: the address of the one interface, `eth0`. */
  ip: string;
  prefixLength: number;
  /** More addresses of that interface, each with its prefix length: `198.18.250.2/15`. */
  addresses?: string[];
  /** The address beside it where the lab speaks IPv6 too; those in `addresses` may be of either family. */
  ip6?: { address: string; prefixLength: number };
  /** Name of that interface where it is not `eth0`. */
  device?: string;
  /** Lower case, colon separated. */
  mac: string;
  /** Default gateway, where there is one. */
  gateway?: string;
  link?: Impairment;
  /** Every sysctl that matters to DR, written explicitly; keys as `sysctl` spells them. */
  sysctls: Record<string, string>;
  /** Routers only: the interface `eth1` into the outside network, where routed clients live. */
  outside?: { ip: string; prefixLength: number; mac: string };
  /** Clients only: `lan` hangs on the switch, `outside` behind the router. */
  segment: 'lan' | 'outside';
  /** Real servers only. */
  server?: ServerSpec;
  /** Docker labs only, where they differ from the lab's. */
  container?: ContainerSpec;
  /** Ssh labs only: the machine that plays this host. */
  machine?: MachineSpec;
}

export interface ContainerSpec {
  /** A user's own image, which brings its own service; the lab's image otherwise. */
  image?: string;
  /** Name of the Docker host it lives on, one of the driver's `hosts`. */
  on?: string;
}

/** How to reach a machine by ssh. Secrets are named, never held: files of keys, names of variables. */
export interface MachineSpec {
  address: string;
  port: number;
  user: string;
  /** Path of a private key; without it the agent, then the user's default keys. */
  key?: string;
  /** Name of the environment variable with the password for sudo. */
  sudoPasswordFrom?: string;
  sudo: boolean;
  jump?: { address: string; port: number; user: string; key?: string };
}

export interface DockerSpec {
  kind: 'docker';
  /** `unix://`, `tcp://` or `ssh://`; `own`: a dockerd that drlab starts inside its sandbox. */
  endpoint: string;
  /** More Docker hosts on the same LAN, by the names that hosts refer to. */
  hosts: Record<string, string>;
  network: 'macvlan' | 'bridge';
  /** Interface of the Docker host on which macvlan sits; without it drlab makes a cable of its own. */
  parent?: string;
  /** Image of every host; without it drlab makes one. */
  image?: string;
}

export interface SshSpec {
  kind: 'ssh';
  /** Changes nothing: looks at what is there. */
  readOnly: boolean;
  /** File of known host keys; keys that are not in it are refused. */
  knownHosts: string;
}

/** What hosts are made of. */
export type DriverSpec = { kind: 'netns' } | DockerSpec | SshSpec;

export interface ServerSpec {
  weight: number;
  /** Where the VIP lives on this real server; `none` leaves it out (which breaks DR). */
  vipDevice: 'lo' | 'dummy0' | 'eth0' | 'none';
  vipPrefixLength: number;
  /** Of VIPs that are IPv6 addresses; default 128. */
  vip6PrefixLength?: number;
  /** Every answer is held back this long. */
  delayMs: number;
  /** Requests that it works on at once, each for as long as its answer is held back; others wait in line. Missing: no limit. */
  concurrency?: number;
  /** Body that follows the name in an answer. */
  bodyBytes: number;
  /** Answers only on connections to the RIP (a common mistake that a mutant makes). */
  listenOn: 'any' | 'rip';
  /** A process of its own instead of a share of the common one. */
  ownProcess: boolean;
}

/** A real server of one service. */
export interface Destination {
  name: string;
  weight: number;
  /** No new connections from this many on, until they are below `lowerThreshold`; 0 or missing: no limit. */
  upperThreshold?: number;
  lowerThreshold?: number;
}

export interface ServiceSpec {
  vip: string;
  port: number;
  protocol: Protocol;
  scheduler: string;
  forward: ForwardingMethod;
  /** 0: not persistent. */
  persistenceS: number;
  /** Of persistent services: clients of one such network are one client; `255.255.255.0`, or a length for IPv6. */
  persistenceMask?: string;
  /** `sh-port`, `sh-fallback`, `mh-port`, `mh-fallback`, `flag-1` to `flag-3`. */
  schedulerFlags?: string[];
  /** UDP only: every datagram is scheduled anew and leaves no entry. */
  onePacket?: boolean;
  /** Names of the real servers in the order in which they are added, with their weights. */
  realServers: Destination[];
  /** Instead of the lab's; false: its real servers are not checked. */
  healthCheck?: HealthCheckSpec | false;
  /** Real server that serves when no other does, or no quorum of them. */
  sorryServer?: string;
  /** A dead real server stays in the table with weight 0 instead of leaving it. */
  inhibitOnFailure?: boolean;
  quorum?: QuorumSpec;
  /** Real servers count as dead until a first check has succeeded. */
  alpha?: boolean;
  /** What is run when a quorum is lost is also run when the daemon stops. */
  omega?: boolean;
}

export interface Hooks {
  /** Shell text run inside the sandbox when the lab is configured, before it is awaited. */
  afterApply: string[];
  beforeTeardown: string[];
}

export interface LabSpec {
  name: string;
  driver: DriverSpec;
  /** The LAN that directors, real servers and on-link clients share. */
  network: { base: string; prefixLength: number; mtu: number };
  hosts: HostSpec[];
  director: DirectorSpec;
  services: ServiceSpec[];
  hooks: Hooks;
}

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
