import { z } from 'zod';

/** Segments, and what hosts are connected to them with: the part of the resolved lab that is about cables. */

export const segmentSchema = z
  .object({
    name: z.string(),
    subnets: z.array(z.string()).describe('of either family, each with its prefix length'),
    mtu: z.number(),
    multicast: z
      .literal(false)
      .exactOptional()
      .describe('the fabric carries no multicast but that of neighbour discovery'),
    portSecurity: z
      .literal(true)
      .exactOptional()
      .describe('the fabric takes from an interface only what comes from its own addresses'),
  })
  .describe('a broadcast domain');

export const interfaceKindSchema = z.enum(['ethernet', 'vlan', 'bond', 'bridge', 'macvlan', 'dummy']);

export const bondModeSchema = z.enum([
  'active-backup',
  '802.3ad',
  'balance-xor',
  'balance-rr',
  'balance-tlb',
  'balance-alb',
]);

export const interfaceSchema = z.object({
  name: z.string(),
  kind: interfaceKindSchema,
  mac: z.string().describe('lower case, colon separated; one that is made of others has the first one’s'),
  mtu: z.number(),
  segment: z
    .string()
    .exactOptional()
    .describe('what it is connected to itself; missing: only what is on top of it is connected, or nothing'),
  addresses: z.array(z.string()).describe('of either family, each with its prefix length'),
  of: z.array(z.string()).exactOptional().describe('the interfaces below it'),
  vlan: z.number().exactOptional().describe('its tag, 1 to 4094'),
  mode: bondModeSchema.exactOptional().describe('bonds only'),
  allowed: z
    .array(z.string())
    .exactOptional()
    .describe('further addresses and networks that a segment with portSecurity takes from it'),
});

/** What a host has where its lab file says more than one address. */
export const wiringSchema = {
  interfaces: z
    .array(interfaceSchema)
    .exactOptional()
    .describe(
      'all of them, those below first; missing: the one interface, and that of routers into the outside network',
    ),
  routes: z.array(z.string()).exactOptional().describe('as `ip route add` takes them'),
  rules: z.array(z.string()).exactOptional().describe('as `ip rule add` takes them'),
};
