import type { z } from 'zod';
import type { eventSchema } from './schema/events.ts';

/** What the inside of a sandbox tells the outside, a line each in `events.ndjson`; schema/events.ts says what each means. */
export type RunEvent = z.infer<typeof eventSchema>;
