import { z } from 'zod';
import { duration, size } from './quantities.ts';
import { device, image, machine } from './schema-driver.ts';
import { fileKeys } from './schema-files.ts';
import {
  address,
  flag,
  hostName,
  link,
  listOf,
  mac,
  mapping,
  oneOf,
  quantity,
  sysctls,
  whole,
} from './schema-parts.ts';
import { serves } from './schema-serves.ts';
import { segmentName, wiringKeys } from './schema-topology.ts';

/** Real servers and clients, and what all hosts have, as a lab file may write them. */

export const hostKeys = () => ({
  name: hostName().optional().describe('Name of the host; default: d1, d2 …, rs1, rs2 …, c1, c2 …'),
  ip: address()
    .optional()
    .describe(
      'Address of eth0, or which of «interfaces» is its own; default: the next free one of the role.',
    ),
  mac: mac().optional().describe('MAC address of eth0; default: 02:<role>:… and the number of the host.'),
  link: link().optional(),
  on: hostName().optional().describe('Docker host of the container, one of «hosts» of the driver docker.'),
  device: device().optional().describe('Interface that carries the address; default eth0; driver ssh only.'),
  machine: machine().optional(),
  ...fileKeys(),
  ...wiringKeys(),
});

const serverKeys = () => ({
  weight: whole(0, 65535)
    .default(1)
    .describe('Weight in every service that does not override it; 0 is quiesced.'),
  link: link().optional(),
  delay: quantity(duration).default(0).describe('Every answer is held back this long, such as 20ms.'),
  concurrency: whole(1, 65535)
    .optional()
    .describe('Requests worked on at once, each for its delay; others queue. Default: no limit.'),
  body: quantity(size)
    .default(0)
    .describe('Size of the body after the name in an answer, such as 10k or 1MiB.'),
  vipOn: oneOf(['lo', 'dummy0', 'eth0', 'none'])
    .optional()
    .describe('Device that holds the VIP; default: lo, or none where every service of the server is nat.'),
  vipPrefix: whole(1, 32).default(32).describe('Prefix length of the VIP on that device.'),
  listenOn: oneOf(['any', 'rip']).default('any').describe('rip answers only on the RIP, not on the VIP.'),
  serves: serves()
    .optional()
    .describe('What it serves beside what services ask for: HTTP, TLS, mail, names.'),
  ownProcess: flag().default(false).describe('A server process of its own instead of the common one.'),
  image: image().optional().describe('Your own image, which provides its own service; driver docker only.'),
  sysctls: sysctls().default({}),
});

const realServer = () => mapping({ ...hostKeys(), ...serverKeys() });

export type RawServer = z.output<ReturnType<typeof realServer>>;

/** A real server that is only counted. */
export const plainServer: RawServer = realServer().parse({});

export const realServers = () =>
  z.union(
    [
      whole(1, 65535),
      mapping({
        count: whole(1, 65535).describe('How many real servers.'),
        segment: segmentName().optional().describe('Segment of all of them; default: that of the VIP.'),
        ...serverKeys(),
        ...fileKeys(),
      }),
      listOf(realServer(), '[{ name: rs1 }, { name: rs2, weight: 3 }]').min(1, {
        error: 'at least one real server',
      }),
    ],
    { error: 'a number, { count: 3, weight: 1 } or a list such as [{ name: rs1 }, { name: rs2 }]' },
  );

export const clients = () =>
  z.union(
    [
      whole(1, 1000),
      listOf(
        mapping({
          ...hostKeys(),
          via: z
            .literal('router', { error: 'router, or nothing for a client on the LAN' })
            .optional()
            .describe('Puts the client into the outside network, behind the router.'),
        }),
        '[{ name: c1 }, { via: router }]',
      ).min(1, { error: 'at least one client' }),
    ],
    { error: 'a number, or a list such as [{ name: c1 }, { via: router }]' },
  );
