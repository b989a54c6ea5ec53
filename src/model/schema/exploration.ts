import { z } from 'zod';
import { type InvariantId, invariants } from '../invariants.ts';
import { explorationVersion } from '../versions.ts';
import { envelope, fidelitySchema } from './envelope.ts';
import { faultSpecSchema } from './fault.ts';

/** The published form of `exploration.json`. Fields that it does not know are allowed: they are additions. */

export const plannedFaultSchema = z
  .object({ fault: faultSpecSchema, beginMs: z.number().nonnegative(), durationMs: z.number().positive() })
  .describe('times count from the moment at which the load is steady');

export const scheduleSchema = z
  .object({
    seed: z.int().describe('also what random numbers in virtual time come from'),
    faults: z
      .array(plannedFaultSchema)
      .describe('in the order in which they begin, counted from the moment at which the load is steady'),
  })
  .describe('what is done to one fresh lab: made from a seed, shrunk, printed, and replayed');

const ms = (what: string) => z.number().describe(`milliseconds ${what}`);

export const boundsSchema = z
  .object({
    skewMs: ms('that the other director waits after one that leaves in order, which sends priority 0'),
    masterDownMs: ms('of silence after which the other director takes over'),
    announceMs: ms('from a take-over to the last of its announcements'),
    detectionMs: ms('from the death of a real server to its removal'),
    returnMs: ms('from the return of a real server to its place in the table'),
    syncMs: z
      .number()
      .nullable()
      .describe(
        'milliseconds from its establishment until the other director knows a connection; null where nothing synchronises',
      ),
    preempt: z
      .boolean()
      .describe('a director that preempts and was rebooted takes VIPs over with an empty table'),
    readyMs: ms("from starting a director's daemon until it could take over"),
    slackMs: ms('for the period of the probes, announcements on the way, and a busy machine'),
  })
  .describe('what the configuration of the lab promises, from its own formulas');

export const invariantSchema = z.enum(Object.keys(invariants) as InvariantId[]);

export const findingSchema = z.object({
  invariant: invariantSchema,
  verdict: z.enum(['holds', 'fails', 'inconclusive']),
  seen: z.string().describe('what was seen, as a sentence; why not judged'),
});

export const scheduleOutcomeSchema = z.object({
  schedule: scheduleSchema,
  findings: z.array(findingSchema).describe('empty where nothing could be observed'),
  broken: z.string().exactOptional().describe('why nothing could be observed'),
  unsettled: z
    .string()
    .exactOptional()
    .describe('what the lab lacked when it should have settled; the schedule was tried all the same'),
});

export const shrunkSchema = z
  .object({
    seed: z.number(),
    invariant: invariantSchema,
    schedule: scheduleSchema.describe('the shortest that still fails'),
    seen: z.string().describe('as in the last trial that failed'),
    trials: z.number(),
    reproduced: z
      .boolean()
      .describe('the whole schedule failed again on a fresh lab; nothing was shrunk otherwise'),
    minimal: z.boolean().describe('nothing shorter failed; otherwise the trials were used up'),
  })
  .describe('the shortest schedule that still fails');

export const explorationSchema = z.object({
  version: z.literal(explorationVersion),
  command: z.literal('explore'),
  ...envelope,
  fidelity: fidelitySchema.exactOptional(),
  bounds: boundsSchema,
  planned: z.number().describe('how many schedules were asked for'),
  outcomes: z.array(scheduleOutcomeSchema),
  shrunk: z.array(shrunkSchema),
});

/** What `--replay` takes; one is written for each schedule that was made shorter. */
export const replayFileSchema = z.object({
  version: z.literal(explorationVersion),
  lab: z.string().describe('as on the command line'),
  time: z.enum(['real', 'virtual']),
  invariant: invariantSchema,
  schedule: scheduleSchema,
});

/** JSON Schema of `exploration.json`, published as docs/exploration.schema.json. */
export function explorationJsonSchema(): object {
  return {
    title: 'drlab exploration record',
    description: 'exploration.json: schedules of faults, what held over each, and the shortest that fail.',
    ...z.toJSONSchema(explorationSchema, { io: 'input' }),
  };
}
