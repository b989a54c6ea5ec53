import type { z } from 'zod';
import type { pageSchema, servesSchema } from './schema/serves.ts';
import type { Protocol } from './spec.ts';

export type Page = z.infer<typeof pageSchema>;
export type Serves = z.infer<typeof servesSchema>;

/** What is spoken on a port, and what carries it. */
export const carriers = {
  http: ['tcp'],
  https: ['tcp'],
  smtp: ['tcp'],
  dns: ['udp', 'tcp'],
  tcp: ['tcp'],
  udp: ['udp'],
  sctp: ['sctp'],
} as const satisfies Record<string, readonly Carrier[]>;

export type Carrier = Protocol | 'sctp';
export type Spoken = keyof typeof carriers;
export const spokenNames = Object.keys(carriers) as Spoken[];

/** Every port of what is served, with what carries it there. */
export const portsServed = (serves: Serves): { spoken: Spoken; carrier: Carrier; port: number }[] =>
  spokenNames.flatMap((spoken) =>
    (serves[spoken] ?? []).flatMap((port) => carriers[spoken].map((carrier) => ({ spoken, carrier, port }))),
  );
