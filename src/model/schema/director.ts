import { z } from 'zod';
import { directorKinds } from '../kinds.ts';

/** What directs the lab, and how: the part of the resolved lab that is about directors. Plain data, as all of it. */

const priorities = z.array(z.number()).describe('one per director, in their order; 1 to 254');

export const vrrpInstanceSchema = z
  .object({
    name: z.string(),
    virtualRouterId: z.number(),
    priorities,
    vips: z.array(z.string()),
  })
  .describe('VIPs that move together, under a virtual router ID of their own');

export const trackScriptSchema = z
  .object({
    name: z.string(),
    script: z.string().describe('one command line, run by sh -c'),
    intervalS: z.number().describe('whole seconds, as keepalived counts'),
    timeoutS: z.number(),
    weight: z
      .number()
      .describe(
        'added to the priority: below 0 while it fails, above 0 while it succeeds; 0: its failure is a fault',
      ),
    rise: z.number().describe('so many in a row make it succeed'),
    fall: z.number().describe('so many in a row make it fail'),
  })
  .describe('a command that keepalived runs again and again');

export const trackInterfaceSchema = z
  .object({
    device: z.string(),
    weight: z.number().describe('added to the priority, as that of a script'),
  })
  .describe('an interface whose loss of carrier lowers the priority, or without a weight is a fault');

export const garpSchema = z
  .object({
    delayS: z
      .number()
      .exactOptional()
      .describe('between the first series and the second; 0: no second one; missing: 5'),
    repeat: z.number().exactOptional().describe('frames in a series; missing: 5'),
    refreshRepeat: z.number().exactOptional().describe('frames of each refreshment; missing: 1'),
  })
  .describe('how a new holder announces the VIPs');

export const vrrpSchema = z
  .object({
    version: z.union([z.literal(2), z.literal(3)]),
    virtualRouterId: z.number(),
    advertMs: z.number(),
    priorities,
    preempt: z.boolean(),
    preemptDelayS: z
      .number()
      .exactOptional()
      .describe('a director that preempts waits this long before it does'),
    unicast: z
      .boolean()
      .exactOptional()
      .describe('advertisements go to the addresses of the other directors instead of 224.0.0.18'),
    virtualMac: z
      .boolean()
      .exactOptional()
      .describe('the VIPs have the MAC address of the virtual router, on an interface of its own'),
    instances: z.array(vrrpInstanceSchema).exactOptional().describe('missing: one, with all VIPs'),
    syncGroup: z.boolean().exactOptional().describe('all instances change their state together'),
    trackInterfaces: z.array(trackInterfaceSchema).exactOptional(),
    trackScripts: z.array(trackScriptSchema).exactOptional(),
    garp: garpSchema.exactOptional(),
    garpRefreshS: z
      .number()
      .exactOptional()
      .describe('the holder announces the VIPs again this often (garp_master_refresh); 0 or missing: never'),
  })
  .describe('only keepalived has it');

export const healthCheckSchema = z.object({
  intervalMs: z.number().describe('delay_loop of keepalived, checkinterval of ldirectord'),
  timeoutMs: z.number(),
  retries: z.number(),
  check: z
    .enum(['tcp', 'udp', 'http', 'misc'])
    .exactOptional()
    .describe(
      'missing: tcp, a connection is made; for UDP services udp, a datagram is answered (ldirectord: a ping)',
    ),
  retryDelayMs: z
    .number()
    .exactOptional()
    .describe('before a further attempt; missing: the interval; keepalived only'),
  path: z.string().exactOptional().describe('http: what is asked for; missing: /'),
  status: z
    .number()
    .exactOptional()
    .describe('http of keepalived: status code that is healthy; missing: 200 to 299'),
  digest: z.string().exactOptional().describe('http of keepalived: MD5 of the page'),
  receive: z.string().exactOptional().describe('http: regular expression that the page matches'),
  script: z
    .string()
    .exactOptional()
    .describe('misc: one command line for sh -c; {rip} and {port} stand for those of the real server'),
});

export const quorumSchema = z
  .object({
    weight: z.number(),
    hysteresis: z.number(),
    up: z.string().exactOptional(),
    down: z.string().exactOptional(),
  })
  .describe('keepalived: how much weight a service needs, and what to run when it gains or loses that');

export const heartbeatSchema = z
  .object({
    keepaliveMs: z.number(),
    warnMs: z.number(),
    deadMs: z.number().describe('silence after which the other director counts as dead'),
    initDeadMs: z.number().describe('the same while starting'),
    failBack: z.boolean().describe('the first director takes the VIPs back when it returns'),
    over: z.enum(['ucast', 'bcast', 'mcast']),
  })
  .describe('ha.cf(5) of heartbeat, which alone has it');

export const syncSchema = z
  .object({
    id: z.number().describe('daemons with another one do not hear each other; 0 to 255'),
    device: z
      .string()
      .exactOptional()
      .describe("interface of the multicast; missing: the one of the director's address"),
    group: z.string().exactOptional().describe('multicast group; missing: 224.0.0.81'),
    port: z.number().exactOptional().describe('UDP; missing: 8848'),
    ttl: z.number().exactOptional().describe('missing: 1'),
    maxLength: z.number().exactOptional().describe('of a message, in bytes; missing: what fits into 1500'),
  })
  .describe(
    'ipvsadm and keepalived: the holder of the VIPs sends its connections, the others listen (ipvsadm --start-daemon)',
  );

export const timeoutsSchema = z
  .object({
    tcpS: z.number().exactOptional().describe('of established connections; missing: 900'),
    tcpFinS: z.number().exactOptional().describe('after a FIN; missing: 120'),
    udpS: z.number().exactOptional().describe('missing: 300'),
  })
  .describe('how long IPVS keeps idle entries (ipvsadm --set, lvs_timeouts)');
export const announceSchema = z
  .object({
    by: z.literal('bgp'),
    asn: z.number().describe('of the directors'),
    routerAsn: z.number().describe('of the routers on their segment'),
    holdS: z.number().describe('a neighbour that is silent this long is gone'),
    bfd: z
      .object({ intervalMs: z.number(), multiplier: z.number() })
      .exactOptional()
      .describe('a neighbour that is silent for interval × multiplier is gone; missing: no BFD'),
  })
  .describe(
    'every director has the VIPs at once and announces them to the routers while its services have real servers; keepalived and bird',
  );

export const directorSpecSchema = z.object({
  kind: z.enum(directorKinds),
  vrrp: vrrpSchema.exactOptional(),
  healthCheck: healthCheckSchema.exactOptional().describe('keepalived, ldirectord and heartbeat'),
  heartbeat: heartbeatSchema.exactOptional(),
  sync: syncSchema.exactOptional(),
  timeouts: timeoutsSchema.exactOptional(),
  announce: announceSchema.exactOptional(),
});
