import type { DirectorSpec, HealthCheckSpec } from './director.ts';
import type { DirectorKind, DriverKind } from './kinds.ts';
import type { ForwardingMethod, ServiceSpec } from './spec.ts';

/**
 * What is known of each kind of director without running it: one table, which everything else asks for a trait.
 * What only code can do, such as writing its configuration, is in lab/directors.
 */

/** What carries packets to real servers: IPVS, or nftables rules in the netdev family. */
export type DataPlane = 'ipvs' | 'nftNetdev';

/** Keys of «directors» that not every kind takes. */
export type DirectorKey = keyof Omit<DirectorSpec, 'kind'>;

/** Keys of a service that not every kind takes. */
export type ServiceKey =
  | keyof Pick<ServiceSpec, 'healthCheck' | 'sorryServer' | 'inhibitOnFailure' | 'quorum' | 'alpha' | 'omega'>
  | keyof Pick<ServiceSpec, 'schedulerFlags' | 'onePacket' | 'persistenceMask' | 'persistenceEngine'>
  | 'persistence'
  | 'thresholds'
  | 'fwmark';

export interface Program {
  name: string;
  /** Debian's. */
  package: string;
}

/** How a daemon checks the real servers. */
export interface HealthTraits {
  /** The program that asks them. */
  by: string;
  checks: readonly NonNullable<HealthCheckSpec['check']>[];
  /** Keys of «healthCheck» for which it has nothing. */
  lacks: readonly ('retryDelay' | 'status' | 'digest')[];
  /** It counts whole seconds. */
  wholeSeconds: boolean;
  /** Of one attempt, where the lab file says nothing. */
  timeout: '1s' | '3s';
}

/** What becomes of several directors. */
export type SeveralTraits =
  /** They take over from each other, as this key says; a pair is two, neither fewer nor more. */
  | { takeOver: 'vrrp' | 'heartbeat'; pair?: true }
  /** They do not, and this kind would; `unless` is a key with which several make sense all the same. */
  | { instead: DirectorKind; unless?: DirectorKey };

export interface DirectorTraits {
  /** In a sentence, with its article. */
  title: string;
  dataPlane: DataPlane;
  /** What must be installed for it, apart from what inspects its data plane. */
  programs: readonly Program[];
  directorKeys: readonly DirectorKey[];
  serviceKeys: readonly ServiceKey[];
  /** Added to the message when a key is refused. */
  refusals?: Partial<Record<DirectorKey, string>>;
  several: SeveralTraits;
  /** Processes that stay; `elusive` ones run under several names, such as Perl's. */
  daemons?: readonly { name: string; elusive?: true }[];
  /** Missing: no daemon; VIPs and rules stay as they were set. */
  health?: HealthTraits;
  forwards: readonly ForwardingMethod[];
  /** Missing: any scheduler of the kernel. */
  onlyScheduler?: {
    name: string;
    /** As in «by hash». */
    how: string;
    /** As in «it hashes». */
    does: string;
  };
  /** drlab sets it up for IPv6 VIPs, too. */
  ipv6: boolean;
  /** Drivers that cannot make room for it. */
  notOn: Partial<Record<DriverKind, { why: string; instead: string }>>;
  /** `compare --directors` offers it. */
  compared: boolean;
}

const ipvsadm: Program = { name: 'ipvsadm', package: 'ipvsadm' };
const nft: Program = { name: 'nft', package: 'nftables' };
const ldirectord: Program = { name: 'ldirectord', package: 'ldirectord' };

/** What announces the VIPs, on directors and routers, where a lab says so. */
export const announcer: readonly Program[] = [
  { name: 'bird', package: 'bird2' },
  { name: 'birdc', package: 'bird2' },
];

/** The program that shows and sets what a data plane does, and the command for people to look. */
export const dataPlanes: Record<DataPlane, { program: Program; show: string }> = {
  ipvs: { program: ipvsadm, show: 'ipvsadm -Ln' },
  nftNetdev: { program: nft, show: 'nft list ruleset' },
};

const everyForward = ['dr', 'tun', 'nat'] as const;

/** ldirectord is a Perl program, which counts what it loads into the time of a check. */
const ldirectordHealth: HealthTraits = {
  by: 'ldirectord',
  checks: ['tcp', 'http'],
  lacks: ['retryDelay', 'status', 'digest'],
  wholeSeconds: true,
  timeout: '3s',
};
/** What ipvsadm and keepalived have words for. */
const schedulingKeys: ServiceKey[] = ['schedulerFlags', 'onePacket', 'persistenceEngine', 'thresholds'];

const ldirectordServiceKeys = [
  'fwmark',
  'persistence',
  'persistenceMask',
  'healthCheck',
  'sorryServer',
  'inhibitOnFailure',
] as const;

const notOnMachines = (kind: DirectorKind) => ({
  why: `drlab does not start ${kind} on existing machines`,
  instead: 'netns, or keepalived',
});

export const directorTraits: Record<DirectorKind, DirectorTraits> = {
  ipvsadm: {
    title: 'an ipvsadm director',
    dataPlane: 'ipvs',
    programs: [ipvsadm],
    directorKeys: ['sync', 'timeouts'],
    serviceKeys: ['fwmark', 'persistence', 'persistenceMask', ...schedulingKeys],
    several: { instead: 'keepalived', unless: 'sync' },
    forwards: everyForward,
    ipv6: true,
    notOn: {},
    compared: true,
  },
  keepalived: {
    title: 'a keepalived director',
    dataPlane: 'ipvs',
    programs: [{ name: 'keepalived', package: 'keepalived' }],
    directorKeys: ['vrrp', 'healthCheck', 'sync', 'timeouts', 'announce'],
    serviceKeys: [...ldirectordServiceKeys, ...schedulingKeys, 'quorum', 'alpha', 'omega'],
    several: { takeOver: 'vrrp' },
    daemons: [{ name: 'keepalived' }],
    health: {
      by: 'keepalived',
      checks: ['tcp', 'udp', 'http', 'misc'],
      lacks: [],
      wholeSeconds: false,
      timeout: '1s',
    },
    forwards: everyForward,
    ipv6: true,
    notOn: {},
    compared: true,
  },
  nftables: {
    title: 'an nftables director',
    dataPlane: 'nftNetdev',
    programs: [nft],
    directorKeys: [],
    serviceKeys: [],
    several: { instead: 'keepalived' },
    forwards: ['dr'],
    // Its rules keep no connections: a hash of client address and port chooses, and only MAC addresses change.
    onlyScheduler: { name: 'sh', how: 'hash', does: 'hashes' },
    ipv6: false,
    notOn: {},
    compared: true,
  },
  ldirectord: {
    title: 'an ldirectord director',
    dataPlane: 'ipvs',
    programs: [ipvsadm, ldirectord],
    directorKeys: ['healthCheck'],
    serviceKeys: ldirectordServiceKeys,
    several: { instead: 'heartbeat' },
    daemons: [{ name: 'ldirectord', elusive: true }],
    health: ldirectordHealth,
    forwards: everyForward,
    ipv6: false,
    notOn: { ssh: notOnMachines('ldirectord') },
    compared: false,
  },
  heartbeat: {
    title: 'a heartbeat director',
    dataPlane: 'ipvs',
    programs: [ipvsadm, ldirectord, { name: 'cl_status', package: 'heartbeat' }],
    directorKeys: ['healthCheck', 'heartbeat'],
    serviceKeys: ldirectordServiceKeys,
    refusals: { sync: 'Heartbeat itself synchronises nothing.' },
    several: { takeOver: 'heartbeat', pair: true },
    daemons: [
      { name: 'heartbeat', elusive: true },
      { name: 'ldirectord', elusive: true },
    ],
    health: ldirectordHealth,
    forwards: everyForward,
    ipv6: false,
    notOn: {
      docker: {
        why: 'heartbeat needs its own folders mounted, and containers may not mount',
        instead: 'netns',
      },
      ssh: notOnMachines('heartbeat'),
    },
    compared: false,
  },
};
