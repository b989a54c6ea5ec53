import { z } from 'zod';
import {
  type ExplorationRecord,
  explorationVersion,
  type InvariantId,
  invariants,
} from '../../model/exploration.ts';
import { envelope, fidelitySchema } from './envelope.ts';
import type { Same } from './same.ts';

/** The published form of `exploration.json`. Fields that it does not know are allowed: they are additions. */

const host = z.string();
const requesters = z.enum(['everyone', 'directors']).describe('whose requests are treated so');

const fault = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('daemon'), host, signal: z.enum(['TERM', 'KILL', 'STOP']) }),
  z.object({ kind: z.literal('powerOff'), host, back: z.enum(['thawed', 'rebooted']) }),
  z.object({ kind: z.literal('portDown'), host }),
  z.object({ kind: z.literal('flap'), host, periodMs: z.number(), count: z.number() }),
  z.object({
    kind: z.literal('loss'),
    host,
    direction: z.enum(['fromHost', 'toHost']),
    percent: z.number(),
  }),
  z.object({ kind: z.literal('partition'), sides: z.tuple([z.array(host), z.array(host)]) }),
  z.object({ kind: z.literal('announcementsLost'), host }),
  z.object({ kind: z.literal('slowAnswers'), host, delayMs: z.number(), requesters }),
  z.object({ kind: z.literal('errorAnswers'), host, status: z.number(), requesters }),
  z.object({ kind: z.literal('hang'), host, requesters }),
  z.object({ kind: z.literal('serviceDead'), host }),
  z.object({ kind: z.literal('tableFull'), host, entries: z.number() }),
  z.object({ kind: z.literal('clockStep'), stepMs: z.number() }),
  z.object({ kind: z.literal('rivalSpeaker'), priority: z.number() }),
]);

const schedule = z.object({
  seed: z.number().describe('also what random numbers in virtual time come from'),
  faults: z
    .array(z.object({ fault, beginMs: z.number(), durationMs: z.number() }))
    .describe('in the order in which they begin, counted from the moment at which the load is steady'),
});

const invariant = z.enum(Object.keys(invariants) as InvariantId[]);

const outcome = z.object({
  schedule,
  findings: z
    .array(z.object({ invariant, verdict: z.enum(['holds', 'fails', 'inconclusive']), seen: z.string() }))
    .describe('empty where nothing could be observed'),
  broken: z.string().exactOptional().describe('why nothing could be observed'),
});

const shrunk = z.object({
  seed: z.number(),
  invariant,
  schedule: schedule.describe('the shortest that still fails'),
  seen: z.string(),
  trials: z.number(),
  reproduced: z.boolean().describe('the whole schedule failed again on a fresh lab'),
  minimal: z.boolean().describe('nothing shorter failed; otherwise the trials were used up'),
});

const ms = z.number().describe('milliseconds');

export const explorationSchema = z.object({
  version: z.literal(explorationVersion),
  command: z.literal('explore'),
  ...envelope,
  fidelity: fidelitySchema.exactOptional(),
  bounds: z
    .object({
      skewMs: ms,
      masterDownMs: ms,
      announceMs: ms,
      detectionMs: ms,
      returnMs: ms,
      syncMs: ms.nullable(),
      preempt: z.boolean(),
      readyMs: ms,
      slackMs: ms,
    })
    .describe('what the configuration of the lab promises, from its own formulas'),
  planned: z.number().describe('how many schedules were asked for'),
  outcomes: z.array(outcome),
  shrunk: z.array(shrunk),
});

true satisfies Same<z.infer<typeof explorationSchema>, ExplorationRecord>;

/** JSON Schema of `exploration.json`, published as docs/exploration.schema.json. */
export function explorationJsonSchema(): object {
  return {
    title: 'drlab exploration record',
    description: 'exploration.json: schedules of faults, what held over each, and the shortest that fail.',
    ...z.toJSONSchema(explorationSchema, { io: 'input' }),
  };
}
