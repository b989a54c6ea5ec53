import { z } from 'zod';
import { filesSpecSchema } from './files.ts';
import { servesSchema } from './serves.ts';
import { wiringSchema } from './topology.ts';

/** The hosts of a resolved lab. */

export const roleSchema = z.enum(['client', 'router', 'director', 'realServer']);

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
    serves: servesSchema.exactOptional(),
    misconduct: z
      .object({
        dead: z.literal(true).exactOptional().describe('nobody listens'),
        hang: z.literal(true).exactOptional().describe('connections are taken, and requests are not read'),
        status: z.number().exactOptional().describe('of every answer to HTTP'),
        delayMs: z.number().exactOptional().describe('answers are held back this much longer'),
      })
      .exactOptional()
      .describe('how it fails from the start, where a fault was put in; no lab file can say that'),
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
  ip: z.string().describe('the CIP, DIP or RIP: the address by which the host takes part'),
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
  device: z.string().exactOptional().describe('name of the interface with that address where it is not eth0'),
  mac: z.string().describe('lower case, colon separated'),
  gateway: z.string().exactOptional().describe('default gateway, where there is one'),
  link: impairmentSchema.exactOptional(),
  sysctls: z
    .record(z.string(), z.string())
    .describe('every sysctl that matters to DR, written explicitly; keys as sysctl spells them'),
  outside: z
    .object({ ip: z.string(), prefixLength: z.number(), mac: z.string() })
    .exactOptional()
    .describe(
      'routers only: the interface into the network where routed clients live, eth1 without interfaces',
    ),
  segment: z
    .string()
    .describe('of the interface with that address; in a lab without segments, lan or (clients only) outside'),
  ...wiringSchema,
  server: serverSpecSchema.exactOptional(),
  files: filesSpecSchema.exactOptional(),
  container: containerSpecSchema.exactOptional(),
  machine: machineSpecSchema.exactOptional(),
});
