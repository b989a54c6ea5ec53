import { z } from 'zod';
import { invariantSchema, scheduleSchema } from './exploration.ts';
import { labSpecSchema } from './lab.ts';

/** What the outside asks the inside of a sandbox to do; a JSON file in the run's folder. */

export const purposeSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('unbroken'),
      when: z
        .enum(['run', 'before', 'after'])
        .describe('before and after: of the broken labs of a kill matrix'),
      group: z
        .string()
        .exactOptional()
        .describe('what tells its lab from the lab as written: a stage, what is kept apart, or both'),
    }),
    z.object({ kind: z.literal('mutant'), check: z.string(), mutant: z.string() }),
  ])
  .describe('what the lab of a case is for; unique within the job');

export const caseSchema = z
  .object({
    purpose: purposeSchema,
    spec: labSpecSchema,
    checks: z.array(z.string()).describe('check IDs'),
    sameLabAs: z
      .string()
      .exactOptional()
      .describe('name of the case before it that asks all others in a lab broken in the same way'),
    impossible: z
      .string()
      .exactOptional()
      .describe('why there can be no such lab; its checks are unsupported then, and nothing is built'),
  })
  .describe('one lab, built fresh, and the checks run on it in this order');

export const trialTaskSchema = z
  .object({
    workload: z.string(),
    variant: z.string(),
    control: z.boolean(),
    block: z.number(),
    order: z.number(),
    lab: z.number().describe("index into the job's labs"),
    direct: z.boolean().describe('the client asks the real servers in turn, bypassing the director'),
    trialMs: z.number(),
    factor: z.number().describe("of the workload's own rate"),
    seed: z.number().describe('arrivals and service times depend on it: the same for all trials of a block'),
  })
  .describe('one trial of a comparison');

export const variantTrySchema = z
  .object({ variant: z.string(), lab: z.number().describe("index into the job's labs") })
  .describe("a variant's lab is only brought up, to learn whether it can be");

export const scheduleTaskSchema = z
  .object({
    schedule: scheduleSchema,
    shrink: z.object({ invariant: invariantSchema, trials: z.number() }).exactOptional(),
  })
  .describe('a schedule to try once, or to make shorter for as long as the invariant fails');

export const trialsJobSchema = z
  .object({
    kind: z.literal('trials'),
    labs: z.array(labSpecSchema),
    tries: z.array(variantTrySchema),
    tasks: z.array(trialTaskSchema),
    again: z.boolean().describe('what gave no figures is tried once more at the end of its block'),
    outDir: z.string(),
    worker: z.string(),
  })
  .describe('some trials of a comparison, in one sandbox');

export const exploreJobSchema = z
  .object({
    kind: z.literal('explore'),
    spec: labSpecSchema,
    tasks: z.array(scheduleTaskSchema),
    outDir: z.string(),
    worker: z.string(),
  })
  .describe('some schedules of an exploration, in one sandbox; each in a fresh lab');

export const checksJobSchema = z
  .object({
    kind: z.literal('checks'),
    cases: z.array(caseSchema),
    outDir: z.string(),
    worker: z.string().exactOptional(),
    provenanceOf: z
      .string()
      .exactOptional()
      .describe('name of the case that tells what its hosts were like; missing: the first'),
  })
  .describe('checks of some cases, in one sandbox');

export const jobSchema = z.discriminatedUnion('kind', [
  checksJobSchema,
  trialsJobSchema,
  exploreJobSchema,
  z.object({
    kind: z.literal('shell'),
    spec: labSpecSchema,
    outDir: z.string(),
    command: z.array(z.string()).exactOptional(),
  }),
  z.object({ kind: z.literal('hold'), spec: labSpecSchema, outDir: z.string() }),
]);
