import { z } from 'zod';

/** Files of a host's own, which lie over those of the machine. */

export const saidSchema = z
  .enum(['sysctls', 'addresses', 'vips', 'directing'])
  .describe(
    'what drlab leaves to the files of a host: its sysctls, the addresses of its interfaces, the VIPs of a real server, all that makes it a director',
  );

export const filesSpecSchema = z
  .object({
    from: z
      .string()
      .describe('folder outside of the sandbox; what lies in it lies on the host from its root on'),
    place: z.string().describe('of the host in the lab file: realServers[0]'),
    paths: z.array(z.string()).describe('its files, as the host sees them'),
    start: z.array(z.string()).describe('in this order: what reads the files, or lines of shell'),
    says: z.array(saidSchema),
  })
  .describe('files of its own');
