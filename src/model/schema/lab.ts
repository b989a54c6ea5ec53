import { z } from 'zod';
import { directorSpecSchema, healthCheckSchema, quorumSchema } from './director.ts';
import { hostSpecSchema } from './host.ts';
import { segmentSchema } from './topology.ts';

/**
 * The resolved lab: what a lab file means once every default is filled in.
 * Plain data: drivers build it, mutants change it, judges read it, run.json keeps it.
 */

export const forwardingMethodSchema = z
  .enum(['dr', 'tun', 'nat'])
  .describe('of IPVS: DR (gatewaying), TUN (IPIP), NAT (masquerading)');
export const protocolSchema = z.enum(['tcp', 'udp']);

export const dockerSpecSchema = z.object({
  kind: z.literal('docker'),
  endpoint: z
    .string()
    .describe('unix://, tcp:// or ssh://; own: a dockerd that drlab starts inside its sandbox'),
  hosts: z
    .record(z.string(), z.string())
    .describe('more Docker hosts on the same LAN, by the names that hosts refer to'),
  network: z.enum(['macvlan', 'bridge']),
  parent: z
    .string()
    .exactOptional()
    .describe('interface of the Docker host on which macvlan sits; missing: drlab makes a veth pair'),
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
  forward: forwardingMethodSchema.exactOptional().describe('instead of that of the service'),
  port: z.number().exactOptional().describe('NAT only: instead of that of the service'),
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
  mark: z
    .number()
    .exactOptional()
    .describe('IPVS knows it by this firewall mark; those of one mark and family are one service there'),
  markedBy: z
    .literal('files')
    .exactOptional()
    .describe('files or hooks of the lab give packets their mark; missing: drlab does, on every director'),
  allPorts: z
    .boolean()
    .exactOptional()
    .describe('IPVS has one service for all ports of the VIP (port 0), of which this port is looked at'),
  persistenceEngine: z
    .literal('sip')
    .exactOptional()
    .describe('of persistent UDP services: what makes a client is the Call-ID of SIP, not the address'),
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
  stage: z.string().exactOptional().describe('the stage that it is; missing: the lab as written'),
  driver: driverSpecSchema,
  network: z
    .object({
      base: z.string(),
      prefixLength: z.number(),
      mtu: z.number(),
      subnet6: z.string().exactOptional().describe('its IPv6 network, where a lab without segments has one'),
      segment: z.string().exactOptional().describe('its name; missing: lan'),
    })
    .describe(
      'the LAN: the segment of the VIPs, which directors, on-link clients and mostly real servers share',
    ),
  segments: z
    .array(segmentSchema)
    .exactOptional()
    .describe('missing: the LAN, and the network outside where clients live there'),
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
