import { z } from 'zod';
import type { Serves } from '../serves.ts';
import { address, listOf, mapping, whole } from './schema-parts.ts';

/** What a real server serves, as a lab file may write it. */

const ports = (what: string) =>
  listOf(whole(1, 65535), '[80]').min(1, { error: 'at least one port' }).optional().describe(what);

const hostError = 'a host name such as shop.example';
const pathError = 'a path that begins with / and has no query, such as /health';
const lineError = 'one line of text';

const page = () =>
  mapping({
    host: z
      .string({ error: hostError })
      .regex(/^[A-Za-z0-9.-]+$/, { error: hostError })
      .optional()
      .describe('Virtual host; default: any.'),
    path: z
      .string({ error: pathError })
      .regex(/^\/[^\s?#]*$/, { error: pathError })
      .describe('Path of the URL.'),
    status: whole(200, 599).default(200).describe('Status of the answer.'),
    body: z
      .string({ error: 'a text' })
      .optional()
      .describe('Body of the answer; default: the name of the real server.'),
  });

export const serves = () =>
  mapping({
    http: ports('Ports with HTTP.'),
    https: ports('Ports with HTTP in TLS, with a certificate that hosts of the lab trust.'),
    smtp: ports('Ports with a mail server that takes all and keeps nothing.'),
    dns: ports('Ports with a name server, by UDP and TCP.'),
    tcp: ports('Ports that send back what comes.'),
    udp: ports('Ports that send back what comes, after the name of the real server.'),
    sctp: ports('Ports with SCTP that send the name of the real server.'),
    pages: listOf(page(), '[{ path: /health, status: 200, body: ok }]')
      .optional()
      .describe('Answers of http and https to some URLs; the first that fits counts.'),
    banner: z
      .string({ error: lineError })
      .regex(/^[ -~]+$/, { error: lineError })
      .optional()
      .describe('First line of smtp; default: 220 and the name of the real server.'),
    names: z
      .record(z.string().regex(/^[A-Za-z0-9._-]+$/, { error: hostError }), address(), {
        error: 'a mapping such as { shop.example: 198.18.0.100 }',
      })
      .optional()
      .describe('Addresses that dns knows; any other name has the address of the real server.'),
  });

/** Keys that nobody wrote are missing, not undefined. */
export const plainServes = (raw: z.output<ReturnType<typeof serves>>): Serves =>
  JSON.parse(JSON.stringify(raw)) as Serves;
