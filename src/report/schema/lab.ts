import { z } from 'zod';

/** The resolved lab, as src/model/spec.ts has it. */

const strings = z.record(z.string(), z.string());

const impairment = z.object({
  delayUs: z.number(),
  jitterUs: z.number(),
  lossPercent: z.number(),
  rateBitPerS: z.number(),
});

const server = z.object({
  weight: z.number(),
  vipDevice: z.enum(['lo', 'dummy0', 'eth0', 'none']),
  vipPrefixLength: z.number(),
  vip6PrefixLength: z.number().exactOptional(),
  delayMs: z.number(),
  concurrency: z.number().exactOptional(),
  bodyBytes: z.number(),
  listenOn: z.enum(['any', 'rip']),
  ownProcess: z.boolean(),
});

const host = z.object({
  name: z.string(),
  role: z.enum(['client', 'router', 'director', 'realServer']),
  ip: z.string(),
  prefixLength: z.number(),
  addresses: z.array(z.string()).exactOptional(),
  ip6: z.object({ address: z.string(), prefixLength: z.number() }).exactOptional(),
  device: z.string().exactOptional(),
  mac: z.string(),
  gateway: z.string().exactOptional(),
  link: impairment.exactOptional(),
  sysctls: strings,
  outside: z.object({ ip: z.string(), prefixLength: z.number(), mac: z.string() }).exactOptional(),
  segment: z.enum(['lan', 'outside']),
  server: server.exactOptional(),
  container: z.object({ image: z.string().exactOptional(), on: z.string().exactOptional() }).exactOptional(),
  machine: z
    .object({
      address: z.string(),
      port: z.number(),
      user: z.string(),
      key: z.string().exactOptional(),
      sudoPasswordFrom: z.string().exactOptional(),
      sudo: z.boolean(),
      jump: z
        .object({ address: z.string(), port: z.number(), user: z.string(), key: z.string().exactOptional() })
        .exactOptional(),
    })
    .exactOptional(),
});

const driver = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('netns') }),
  z.object({
    kind: z.literal('docker'),
    endpoint: z.string(),
    hosts: strings,
    network: z.enum(['macvlan', 'bridge']),
    parent: z.string().exactOptional(),
    image: z.string().exactOptional(),
  }),
  z.object({ kind: z.literal('ssh'), readOnly: z.boolean(), knownHosts: z.string() }),
]);

const healthCheck = z.object({
  intervalMs: z.number(),
  timeoutMs: z.number(),
  retries: z.number(),
  check: z.enum(['tcp', 'udp', 'http', 'misc']).exactOptional(),
  retryDelayMs: z.number().exactOptional(),
  path: z.string().exactOptional(),
  status: z.number().exactOptional(),
  digest: z.string().exactOptional(),
  receive: z.string().exactOptional(),
  script: z.string().exactOptional(),
});

const service = z.object({
  vip: z.string(),
  port: z.number(),
  protocol: z.enum(['tcp', 'udp']),
  scheduler: z.string(),
  forward: z.enum(['dr', 'tun', 'nat']),
  persistenceS: z.number(),
  persistenceMask: z.string().exactOptional(),
  schedulerFlags: z.array(z.string()).exactOptional(),
  onePacket: z.boolean().exactOptional(),
  realServers: z.array(
    z.object({
      name: z.string(),
      weight: z.number(),
      upperThreshold: z.number().exactOptional(),
      lowerThreshold: z.number().exactOptional(),
    }),
  ),
  healthCheck: z.union([healthCheck, z.literal(false)]).exactOptional(),
  sorryServer: z.string().exactOptional(),
  inhibitOnFailure: z.boolean().exactOptional(),
  quorum: z
    .object({
      weight: z.number(),
      hysteresis: z.number(),
      up: z.string().exactOptional(),
      down: z.string().exactOptional(),
    })
    .exactOptional(),
  alpha: z.boolean().exactOptional(),
  omega: z.boolean().exactOptional(),
});

const director = z.object({
  kind: z.enum(['ipvsadm', 'keepalived', 'nftables', 'ldirectord', 'heartbeat']),
  vrrp: z
    .object({
      version: z.union([z.literal(2), z.literal(3)]),
      virtualRouterId: z.number(),
      advertMs: z.number(),
      priorities: z.array(z.number()),
      preempt: z.boolean(),
      preemptDelayS: z.number().exactOptional(),
      unicast: z.boolean().exactOptional(),
      virtualMac: z.boolean().exactOptional(),
      instances: z
        .array(
          z.object({
            name: z.string(),
            virtualRouterId: z.number(),
            priorities: z.array(z.number()),
            vips: z.array(z.string()),
          }),
        )
        .exactOptional(),
      syncGroup: z.boolean().exactOptional(),
      trackInterfaces: z.array(z.object({ device: z.string(), weight: z.number() })).exactOptional(),
      trackScripts: z
        .array(
          z.object({
            name: z.string(),
            script: z.string(),
            intervalS: z.number(),
            timeoutS: z.number(),
            weight: z.number(),
            rise: z.number(),
            fall: z.number(),
          }),
        )
        .exactOptional(),
      garp: z
        .object({
          delayS: z.number().exactOptional(),
          repeat: z.number().exactOptional(),
          refreshRepeat: z.number().exactOptional(),
        })
        .exactOptional(),
      garpRefreshS: z.number().exactOptional(),
    })
    .exactOptional(),
  healthCheck: healthCheck.exactOptional(),
  heartbeat: z
    .object({
      keepaliveMs: z.number(),
      warnMs: z.number(),
      deadMs: z.number(),
      initDeadMs: z.number(),
      failBack: z.boolean(),
      over: z.enum(['ucast', 'bcast', 'mcast']),
    })
    .exactOptional(),
  sync: z.object({ id: z.number(), device: z.string().exactOptional() }).exactOptional(),
});

export const labSpecSchema = z.object({
  name: z.string(),
  driver,
  network: z.object({ base: z.string(), prefixLength: z.number(), mtu: z.number() }),
  hosts: z.array(host),
  director,
  services: z.array(service),
  hooks: z.object({ afterApply: z.array(z.string()), beforeTeardown: z.array(z.string()) }),
});
