import { z } from 'zod';
import { directorSpecSchema, healthCheckSchema, quorumSchema } from './director.ts';

/**
 * The resolved lab: what a lab file means once every default is filled in.
 * Plain data: drivers build it, mutants change it, judges read it, run.json keeps it.
 */

const strings = z.record(z.string(), z.string());

export const roleSchema = z.enum(['client', 'router', 'director', 'realServer']);
export const forwardingMethodSchema = z
  .enum(['dr', 'tun', 'nat'])
  .describe('of IPVS: DR (gatewaying), TUN (IPIP), NAT (masquerading)');
export const protocolSchema = z.enum(['tcp', 'udp']);

export const impairmentSchema = z
  .object({
    delayUs: z.number(),
    jitterUs: z.number(),
    lossPercent: z.number(),
    rateBitPerS: z.number().describe('0: unlimited'),
  })
  .describe('what netem and tbf put on a link, in both directions');

export const serverSpecSchema = z
  .object({
    weight: z.number(),
    vipDevice: z
      .enum(['lo', 'dummy0', 'eth0', 'none'])
      .describe('where the VIP lives on this real server; none leaves it out, which breaks DR'),
    vipPrefixLength: z.number(),
    vip6PrefixLength: z.number().exactOptional().describe('of VIPs that are IPv6 addresses; missing: 128'),
    delayMs: z.number().describe('every answer is held back this long'),
    concurrency: z
      .number()
      .exactOptional()
      .describe(
        'requests that it works on at once, each for as long as its answer is held back; others wait in line; missing: no limit',
      ),
    bodyBytes: z.number().describe('body that follows the name in an answer'),
    listenOn: z
      .enum(['any', 'rip'])
      .describe('rip: answers only on connections to the RIP, a common mistake'),
    ownProcess: z.boolean().describe('a process of its own instead of a share of the common one'),
  })
  .describe('real servers only');

export const containerSpecSchema = z
  .object({
    image: z
      .string()
      .exactOptional()
      .describe("a user's own image, which brings its own service; missing: the lab's image"),
    on: z
      .string()
      .exactOptional()
      .describe("name of the Docker host that it lives on, one of the driver's hosts"),
  })
  .describe("docker labs only, where it differs from the lab's");

const login = {
  address: z.string(),
  port: z.number(),
  user: z.string(),
  key: z
    .string()
    .exactOptional()
    .describe("path of a private key; missing: the agent, then the user's default keys"),
};

export const machineSpecSchema = z
  .object({
    ...login,
    sudoPasswordFrom: z
      .string()
      .exactOptional()
      .describe('name of the environment variable with the password for sudo'),
    sudo: z.boolean(),
    jump: z.object(login).exactOptional(),
  })
  .describe(
    'ssh labs only: the machine that plays this host; secrets are named, never held: files of keys, names of variables',
  );

export const hostSpecSchema = z.object({
  name: z.string(),
  role: roleSchema,
  ip: z.string().describe('the CIP, DIP or RIP: the address of the one interface, eth0'),
  prefixLength: z.number(),
  addresses: z
    .array(z.string())
    .exactOptional()
    .describe('more addresses of that interface, each with its prefix length: 198.18.250.2/15'),
  ip6: z
    .object({ address: z.string(), prefixLength: z.number() })
    .exactOptional()
    .describe(
      'the address beside it where the lab speaks IPv6 too; those in addresses may be of either family',
    ),
  device: z.string().exactOptional().describe('name of that interface where it is not eth0'),
  mac: z.string().describe('lower case, colon separated'),
  gateway: z.string().exactOptional().describe('default gateway, where there is one'),
  link: impairmentSchema.exactOptional(),
  sysctls: strings.describe(
    'every sysctl that matters to DR, written explicitly; keys as sysctl spells them',
  ),
  outside: z
    .object({ ip: z.string(), prefixLength: z.number(), mac: z.string() })
    .exactOptional()
    .describe('routers only: the interface eth1 into the outside network, where routed clients live'),
  segment: z
    .enum(['lan', 'outside'])
    .describe('clients only: lan is connected to the switch, outside is behind the router'),
  server: serverSpecSchema.exactOptional(),
  container: containerSpecSchema.exactOptional(),
  machine: machineSpecSchema.exactOptional(),
});

export const dockerSpecSchema = z.object({
  kind: z.literal('docker'),
  endpoint: z
    .string()
    .describe('unix://, tcp:// or ssh://; own: a dockerd that drlab starts inside its sandbox'),
  hosts: strings.describe('more Docker hosts on the same LAN, by the names that hosts refer to'),
  network: z.enum(['macvlan', 'bridge']),
  parent: z
    .string()
    .exactOptional()
    .describe('interface of the Docker host on which macvlan sits; missing: drlab makes a cable of its own'),
  image: z.string().exactOptional().describe('image of every host; missing: drlab makes one'),
});

export const sshSpecSchema = z.object({
  kind: z.literal('ssh'),
  readOnly: z.boolean().describe('changes nothing: looks at what is there'),
  knownHosts: z.string().describe('file of known host keys; keys that are not in it are refused'),
});

export const driverSpecSchema = z
  .discriminatedUnion('kind', [z.object({ kind: z.literal('netns') }), dockerSpecSchema, sshSpecSchema])
  .describe('what hosts are made of');

export const destinationSchema = z.object({
  name: z.string(),
  weight: z.number(),
  upperThreshold: z
    .number()
    .exactOptional()
    .describe(
      'no new connections from this many on, until they are below lowerThreshold; 0 or missing: no limit',
    ),
  lowerThreshold: z.number().exactOptional(),
});

export const serviceSpecSchema = z.object({
  vip: z.string(),
  port: z.number(),
  protocol: protocolSchema,
  scheduler: z.string(),
  forward: forwardingMethodSchema,
  persistenceS: z.number().describe('0: not persistent'),
  persistenceMask: z
    .string()
    .exactOptional()
    .describe(
      'of persistent services: clients of one such network are one client; 255.255.255.0, or a length for IPv6',
    ),
  schedulerFlags: z
    .array(z.string())
    .exactOptional()
    .describe('sh-port, sh-fallback, mh-port, mh-fallback, flag-1 to flag-3'),
  onePacket: z
    .boolean()
    .exactOptional()
    .describe('UDP only: every datagram is scheduled by itself and leaves no entry'),
  realServers: z.array(destinationSchema).describe('in the order in which they are added'),
  healthCheck: z
    .union([healthCheckSchema, z.literal(false)])
    .exactOptional()
    .describe("instead of the lab's; false: its real servers are not checked"),
  sorryServer: z
    .string()
    .exactOptional()
    .describe('real server that serves when no other does, or no quorum of them'),
  inhibitOnFailure: z
    .boolean()
    .exactOptional()
    .describe('a dead real server stays in the table with weight 0 instead of leaving it'),
  quorum: quorumSchema.exactOptional(),
  alpha: z.boolean().exactOptional().describe('real servers count as dead until a first check has succeeded'),
  omega: z
    .boolean()
    .exactOptional()
    .describe('what is run when a quorum is lost is also run when the daemon stops'),
});

export const labSpecSchema = z.object({
  name: z.string(),
  driver: driverSpecSchema,
  network: z
    .object({ base: z.string(), prefixLength: z.number(), mtu: z.number() })
    .describe('the LAN that directors, real servers and on-link clients share'),
  hosts: z.array(hostSpecSchema),
  director: directorSpecSchema,
  services: z.array(serviceSpecSchema),
  hooks: z.object({
    afterApply: z
      .array(z.string())
      .describe('shell text run inside the sandbox when the lab is configured, before it is awaited'),
    beforeTeardown: z.array(z.string()),
  }),
});

export const configTextSchema = z
  .object({
    host: z.string(),
    name: z.string().describe('such as keepalived.conf, ipvsadm-restore, ip -batch, sysctls'),
    text: z.string(),
  })
  .describe('a text that configures a host, kept as evidence');
