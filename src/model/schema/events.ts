import { z } from 'zod';
import { trialSchema } from './comparison.ts';
import { fidelitySchema } from './envelope.ts';
import { scheduleOutcomeSchema, scheduleSchema, shrunkSchema } from './exploration.ts';
import { configTextSchema } from './lab.ts';
import { checkResultSchema, hostProvenanceSchema } from './record.ts';

/**
 * What the inside of a sandbox tells the outside: one JSON object a line, appended to `events.ndjson`.
 * The record is built from these, so whatever was measured before a crash is not lost.
 */

const hint = z.string().exactOptional();

export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), kernel: z.string(), pid: z.number() }),
  z.object({ type: z.literal('heartbeat') }),
  z.object({ type: z.literal('progress'), text: z.string() }),
  z.object({ type: z.literal('case-start'), case: z.string(), checks: z.array(z.string()) }),
  z.object({
    type: z.literal('lab-up'),
    case: z.string(),
    tookMs: z.number(),
    lacks: z
      .record(z.string(), z.string())
      .exactOptional()
      .describe('capabilities that it cannot have, and why; of the clock nothing is said'),
    configs: z.array(configTextSchema),
    hosts: z.array(hostProvenanceSchema),
  }),
  z
    .object({ type: z.literal('unsettled'), case: z.string(), lacks: z.string() })
    .describe(
      'what was applied had not taken effect in time, in a lab that nobody broke on purpose; its checks are run all the same',
    ),
  z.object({ type: z.literal('lab-down'), case: z.string(), tookMs: z.number() }),
  z
    .object({ type: z.literal('unavailable'), case: z.string(), message: z.string(), hint })
    .describe('the driver cannot build this lab here, however often it is tried'),
  z
    .object({
      type: z.literal('hook-failed'),
      case: z.string(),
      place: z.string().describe('in the lab file: hooks.afterApply[0], realServers[0].files'),
      message: z.string(),
      hint,
    })
    .describe('where it was to configure the lab, the checks that were left are not run'),
  z
    .object({ type: z.literal('case-end'), case: z.string(), simulatedMs: z.number() })
    .describe('in virtual time, by whose clock it took this long'),
  z.object({ type: z.literal('check-start'), case: z.string(), id: z.string(), title: z.string() }),
  z.object({ type: z.literal('check-end'), case: z.string(), result: checkResultSchema }),
  z.object({
    type: z.literal('variant-tried'),
    variant: z.string(),
    tookMs: z.number(),
    unsupported: z.string().exactOptional(),
  }),
  z.object({ type: z.literal('trial-start'), order: z.number() }),
  z.object({
    type: z.literal('trial-end'),
    trial: trialSchema,
    tookMs: z.number(),
    factor: z.number().describe('share of the planned rate that the instrument keeps up with'),
  }),
  z.object({ type: z.literal('schedule-start'), seed: z.number() }),
  z.object({ type: z.literal('schedule-end'), outcome: scheduleOutcomeSchema }),
  z.object({
    type: z.literal('shrink-trial'),
    seed: z.number(),
    trial: z.number(),
    schedule: scheduleSchema,
    fails: z.boolean(),
  }),
  z.object({ type: z.literal('shrink-end'), shrunk: shrunkSchema }),
  z.object({ type: z.literal('fidelity'), fidelity: fidelitySchema }),
  z
    .object({
      type: z.literal('fault'),
      message: z.string(),
      hint,
      exit: z.number().describe('as in util/errors'),
      stack: z.string().exactOptional(),
    })
    .describe("the inside broke in a way that is no check's"),
  z.object({ type: z.literal('end') }),
]);
