import { z } from 'zod';
import { plainAddress } from '../../util/ipv6.ts';
import { formatSubnet, parseAddress, parseInterfaceAddress, subnetOf } from '../../util/subnet.ts';
import { bondModeSchema, interfaceKindSchema } from '../schema/topology.ts';
import { flag, hostName, listOf, mac, mapping, oneOf, whole } from './schema-parts.ts';

/** Segments, interfaces and routes, as a lab file may write them. */

/** Of a lab that says nothing. */
export const defaultNetworks = { subnet: '198.18.0.0/16', outside: '198.19.0.0/24' } as const;

const segmentNameError =
  'a name of at most 31 letters, digits, «.», «_» and «-» that begins with a letter or digit, such as front';
export const segmentName = () =>
  z
    .string({ error: segmentNameError })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/, { error: segmentNameError });

const subnetError = 'a network of either family, such as 198.18.0.0/24 or fd64:726c:6162:1::/64';
const subnet = () =>
  z.string({ error: subnetError }).refine((text) => subnetOf(text) !== undefined, { error: subnetError });

const subnet6Error = 'an IPv6 network of at most 64 bits, such as fd64:726c:6162::/64';
export const subnet6 = () =>
  z.string({ error: subnet6Error }).refine(
    (text) => {
      const found = subnetOf(text);
      return found?.family === 6 && found.prefixLength <= 64 && formatSubnet(found) === plainSubnet(text);
    },
    { error: subnet6Error },
  );

const plainSubnet = (text: string): string => text.replace(/^[^/]+/, (address) => plainAddress(address));

const addressError = 'an address of either family, such as 198.18.0.7 or fd64:726c:6162:1::7';
export const eitherAddress = () =>
  z
    .string({ error: addressError })
    .refine((text) => parseAddress(text) !== undefined, { error: addressError });

const interfaceAddressError = 'an address such as 198.18.0.7/24, 198.18.0.7 or fd64:726c:6162:1::7/64';
const interfaceAddress = () =>
  z
    .string({ error: interfaceAddressError })
    .refine((text) => parseInterfaceAddress(text) !== undefined, { error: interfaceAddressError });

const oneOrMore = <T extends z.ZodType>(item: T, error: string) =>
  z.union([item, z.array(item, { error })], { error });

const segment = () =>
  z.union(
    [
      subnet(),
      mapping({
        subnet: oneOrMore(subnet(), `${subnetError}, or a list of them`).describe(
          'Its network, or a list of networks of either family.',
        ),
        mtu: whole(576, 65535)
          .optional()
          .describe('MTU of the segment and of what is on it; default: of network.'),
        multicast: flag()
          .default(true)
          .describe('false: a fabric without multicast, but for neighbour discovery, as in most clouds.'),
        portSecurity: flag()
          .default(false)
          .describe('true: a fabric that takes from an interface only what comes from its own addresses.'),
      }),
    ],
    { error: 'a network such as 198.18.0.0/24, or a mapping such as { subnet: 198.18.0.0/24, mtu: 9000 }' },
  );

export const segments = () =>
  z
    .record(segmentName(), segment(), {
      error: 'a mapping such as { front: 198.18.1.0/24, back: 198.18.2.0/24 }',
    })
    .optional()
    .describe('Segments by name, instead of the LAN and the network outside.');

export type RawSegments = z.output<ReturnType<typeof segments>>;

const deviceError = 'the name of an interface, at most 15 letters, digits, «.», «_» and «-», such as ens192';
export const deviceName = () =>
  z.string({ error: deviceError }).regex(/^(?!lo$|all$|default$)[A-Za-z0-9_][A-Za-z0-9._-]{0,14}$/, {
    error: deviceError,
  });

const rawInterface = () =>
  mapping({
    on: segmentName().optional().describe('Segment; default: the one that its first address is in.'),
    ip: oneOrMore(interfaceAddress(), `${interfaceAddressError}, or a list of them`)
      .optional()
      .describe('Its address, or a list of either family; default: the next free one; [] for none.'),
    mtu: whole(68, 65535).optional().describe('Default: that of the segment, or of what is on top of it.'),
    mac: mac().optional().describe('Default: 02:<role>:…, or that of the first interface below it.'),
    vlan: whole(1, 4094).optional().describe('Tag of a VLAN; a name such as bond0.20 says it, too.'),
    of: oneOrMore(deviceName(), 'the name of an interface, or a list of names')
      .optional()
      .describe('What it is made of: the members of a bond or bridge, the parent of a VLAN or macvlan.'),
    type: oneOf(interfaceKindSchema.options)
      .optional()
      .describe(
        'Default: by the name, «vlan» and «of»; a list in «of» is a bond, or a bridge where it is named br….',
      ),
    mode: oneOf(bondModeSchema.options).optional().describe('Of a bond; default: active-backup.'),
    allowed: listOf(interfaceAddress(), '[198.18.0.100]')
      .optional()
      .describe('Further addresses and networks that a segment with portSecurity takes from it.'),
  });

export type RawInterface = z.output<ReturnType<typeof rawInterface>>;

const line = (example: string) => {
  const error = `one line of text such as "${example}"`;
  return z.string({ error }).regex(/^[^\n]*\S[^\n]*$/, { error });
};

/** What any host may say about how it is connected. */
export const wiringKeys = () => ({
  segment: segmentName()
    .optional()
    .describe('Segment of eth0, without «interfaces»; default: the one that «ip» is in, or the first.'),
  interfaces: z
    .record(deviceName(), rawInterface(), { error: 'a mapping such as { ens192: { on: front } }' })
    .optional()
    .describe('Interfaces by name, as production has them, instead of one eth0.'),
  gateway: eitherAddress()
    .optional()
    .describe('Default gateway; default, without «routes»: the first router on its segment.'),
  routes: listOf(line('default via 198.18.0.1'), '["default via 198.18.0.1"]')
    .optional()
    .describe('Routes, as «ip route add» takes them.'),
  rules: listOf(line('from 198.18.2.0/24 table 100'), '["from 198.18.2.0/24 table 100"]')
    .optional()
    .describe('Policy rules, as «ip rule add» takes them.'),
});

export type RawWiring = z.output<z.ZodObject<ReturnType<typeof wiringKeys>>>;

export const routers = <T extends z.core.$ZodLooseShape>(more: T) =>
  listOf(
    mapping({
      name: hostName().optional().describe('Name of the router; default: r1, r2 …'),
      ...more,
      ...wiringKeys(),
    }),
    '[{ name: r1, interfaces: { eth0: { on: front }, eth1: { on: back } } }]',
  )
    .min(1, { error: 'at least one router' })
    .optional()
    .describe('Routers with their legs; without it there is one where a client says «via: router».');
