import { z } from 'zod';
import { directorTraits } from '../director-traits.ts';
import { defaultDirectorKind, directorKinds } from '../kinds.ts';
import { duration } from './quantities.ts';
import { availabilityKeys, directors } from './schema-directors.ts';
import { driver } from './schema-driver.ts';
import { entryKeys } from './schema-entries.ts';
import { fileKeys } from './schema-files.ts';
import { clients, realServers } from './schema-hosts.ts';
import { hostName, link, listOf, mapping, oneOf, quantity, sysctls, whole } from './schema-parts.ts';
import { schedulingKeys } from './schema-scheduling.ts';
import { defaultNetworks, eitherAddress, routers, segments, subnet6 } from './schema-topology.ts';

/** Schedulers of the kernel's ip_vs, Documentation/networking/ipvs-sysctl and net/netfilter/ipvs/Kconfig. */
export const schedulers = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'fo',
  'ovf',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'mh',
  'sed',
  'nq',
  'twos',
] as const;

/** `, with nftables sh` */
const otherDefaults = directorKinds
  .map((kind) => ({ kind, scheduler: directorTraits[kind].onlyScheduler }))
  .map(({ kind, scheduler }) => (scheduler ? `, with ${kind} ${scheduler.name}` : ''))
  .join('');

const slugError = 'a name of lower-case letters, digits and hyphens that begins with a letter or digit';
const subnetError = 'a network such as 198.18.0.0/16';

const realServerError = 'a name such as rs1, or a mapping such as { name: rs1, forward: tun }';
const realServerOf = () =>
  z.union(
    [
      hostName(),
      mapping({
        name: hostName().describe('Name of the real server.'),
        weight: whole(0, 65535).optional().describe('Its weight in this service.'),
        forward: oneOf(['dr', 'tun', 'nat']).optional().describe('How it is reached, if not as the others.'),
        port: whole(1, 65535).optional().describe('nat: its port, if not that of the service.'),
      }),
    ],
    { error: realServerError },
  );

const service = () =>
  mapping({
    vip: eitherAddress()
      .optional()
      .describe('The VIP; default 198.18.0.100, or the .100 or last address of the subnet.'),
    ...entryKeys(),
    protocol: oneOf(['tcp', 'udp']).default('tcp').describe('tcp or udp.'),
    scheduler: oneOf(schedulers)
      .optional()
      .describe(`Scheduler of the virtual service; default: rr${otherDefaults}.`),
    forward: oneOf(['dr', 'tun', 'nat']).default('dr').describe('Forwarding method.'),
    persistence: quantity(duration)
      .default(0)
      .describe('A client stays with its real server this long; 0 is off.'),
    realServers: listOf(realServerOf(), '[rs1, { name: rs2, forward: tun }]')
      .min(1, { error: 'at least one real server' })
      .optional()
      .describe(
        'Names in the order in which they are added, some with «forward» or «port» of their own; default: all.',
      ),
    weights: z
      .record(z.string(), whole(0, 65535), { error: 'a mapping such as { rs1: 3 }' })
      .default({})
      .describe('Weights in this service, by name of the real server.'),
    ...schedulingKeys(),
    ...availabilityKeys(),
  });

const hookList = () =>
  listOf(
    z.string({ error: 'one shell command as text' }).min(1, { error: 'one shell command as text' }),
    '[ "ip netns exec rs1 true" ]',
  ).default([]);

/** The raw lab file: what its author may write. Defaults that depend on other keys are filled in later. */
export const labFile = mapping({
  name: z
    .string({ error: slugError })
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: slugError })
    .optional()
    .describe('Name of the lab; default: the name of the file.'),
  driver: driver().default('netns').describe('What hosts are made of: netns, docker or ssh.'),
  network: mapping({
    subnet: z
      .string({ error: subnetError })
      .default(defaultNetworks.subnet)
      .describe('The LAN; any with netns or ssh, or with docker and a parent, else within 198.18.0.0/15.'),
    subnet6: subnet6()
      .optional()
      .describe(
        'IPv6 network of the LAN: each host has an IPv6 address there, too, and VIPs may be of it; netns only.',
      ),
    outside: z
      .string({ error: subnetError })
      .default(defaultNetworks.outside)
      .describe('The network behind the router.'),
    mtu: whole(576, 9000).default(1500).describe('MTU of every interface, in bytes.'),
  })
    .prefault({})
    .describe('The networks of the lab.'),
  segments: segments(),
  routers: routers({ link: link().optional(), sysctls: sysctls().default({}), ...fileKeys() }),
  directors: directors()
    .default(1)
    .describe(`A number, or a mapping; default: one, with ${defaultDirectorKind}.`),
  realServers: realServers()
    .default(2)
    .describe('A number, a number with common keys, or a list; default 2.'),
  clients: clients().default(1).describe('A number, or a list; default 1.'),
  services: listOf(service(), '[{ vip: 198.18.0.100, port: 80 }]')
    .default(() => [service().parse({})])
    .describe('Virtual services; default: TCP port 80 of 198.18.0.100, rr, dr.'),
  sysctls: mapping({
    directors: sysctls().default({}),
    realServers: sysctls().default({}),
    clients: sysctls().default({}),
  })
    .prefault({})
    .describe('Sysctls for every host of a role.'),
  hooks: mapping({
    afterApply: hookList().describe('Run once the lab is configured, before drlab waits for it to settle.'),
    beforeTeardown: hookList().describe('Run before the lab is taken down.'),
  })
    .prefault({})
    .describe('Shell commands, run inside the sandbox, where ip netns exec HOST reaches every host.'),
}).describe('A lab for drlab: directors, real servers, clients and virtual services.');

export type RawLab = z.output<typeof labFile>;
