import { z } from 'zod';

/** What a real server serves beside what its services need. */

const ports = z.array(z.number()).exactOptional();

export const pageSchema = z
  .object({
    host: z.string().exactOptional().describe('virtual host; missing: any'),
    path: z.string(),
    status: z.number(),
    body: z.string().exactOptional().describe('missing: the name of the real server'),
  })
  .describe('what is answered to one URL');

export const servesSchema = z
  .object({
    http: ports,
    https: ports,
    smtp: ports,
    dns: ports,
    tcp: ports,
    udp: ports,
    sctp: ports,
    pages: z.array(pageSchema).exactOptional(),
    banner: z.string().exactOptional().describe('of smtp; missing: 220 and the name of the real server'),
    names: z
      .record(z.string(), z.string())
      .exactOptional()
      .describe('addresses by name, of dns; any other name has the address of the real server'),
  })
  .describe('ports by what is spoken there; on each, requests of drlab itself are answered too');
