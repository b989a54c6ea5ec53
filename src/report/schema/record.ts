import { z } from 'zod';
import { suiteNames } from '../../model/check.ts';
import { type RunRecord, recordVersion } from '../../model/record.ts';
import { envelope, fidelitySchema, instant, versionsSchema } from './envelope.ts';
import { gateSchema } from './gate.ts';
import { chartSchema, figureSchema } from './measurement.ts';
import type { Same } from './same.ts';

/** The published form of `run.json`. Fields that it does not know are allowed: they are additions. */

const verdict = z.enum(['pass', 'fail', 'warn', 'unsupported', 'skipped', 'inconclusive', 'broken']);

const result = z.object({
  id: z.string(),
  suite: z.enum(suiteNames),
  level: z.enum(['must', 'should', 'measure']),
  title: z.string(),
  requirement: z.string(),
  source: z.string(),
  stage: z
    .object({ id: z.string(), title: z.string() })
    .exactOptional()
    .describe('the derived lab that it was judged in, where that was not the lab as written'),
  verdict,
  expected: z.string().exactOptional(),
  seen: z.string().exactOptional(),
  cause: z.string().exactOptional(),
  remedy: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  figures: z.array(figureSchema),
  charts: z.array(chartSchema),
  evidence: z.array(
    z.object({
      name: z.string(),
      path: z.string().describe("relative to the run's folder"),
      bytes: z.number(),
    }),
  ),
  startedAt: instant,
  durationMs: z.number(),
  fidelity: fidelitySchema
    .exactOptional()
    .describe('what this was measured in, where that is not what the run says of itself'),
  triedAgain: z
    .string()
    .exactOptional()
    .describe('why it could not be measured at first; what is here was seen on a fresh lab'),
  timersLateMs: z
    .number()
    .exactOptional()
    .describe('the worst that timers in the sandbox were late meanwhile'),
});

const mutant = z.object({
  check: z.string(),
  mutant: z.string(),
  breaks: z.string(),
  outcome: z.enum(['killed', 'survived', 'wrong-reason', 'no-verdict', 'unsupported']),
  verdict,
  seen: z.string(),
  others: z
    .array(z.object({ check: z.string(), verdict }))
    .exactOptional()
    .describe('what the other MUST checks said in the same broken lab'),
});

const claim = z.object({
  id: z.string(),
  subject: z.string(),
  statement: z.string(),
  because: z.string(),
  verdict: z.enum(['true', 'partly', 'false', 'open']),
  evidence: z.array(z.object({ check: z.string(), verdict, seen: z.string() })),
});

const diagnosis = z.object({
  mutant: z.string(),
  breaks: z.string(),
  agree: z.number(),
  of: z.number(),
  share: z.number(),
  cause: z.string().exactOptional(),
  remedy: z.string().exactOptional(),
  apart: z.string().exactOptional(),
});

export const runRecordSchema = z.object({
  version: z.literal(recordVersion),
  command: z.enum(['run', 'mutants', 'claims']),
  ...envelope,
  fidelity: fidelitySchema,
  seed: z.number().exactOptional().describe('what random numbers in virtual time came from'),
  simulated: z
    .array(z.object({ case: z.string(), ms: z.number() }))
    .exactOptional()
    .describe('how long each lab in virtual time went by its own clock'),
  versions: versionsSchema,
  unsettled: z
    .array(z.object({ case: z.string(), lacks: z.string() }))
    .exactOptional()
    .describe(
      'labs in which what was applied had not taken effect in time; their checks were run all the same',
    ),
  configs: z.array(z.object({ host: z.string(), name: z.string(), text: z.string() })),
  hosts: z.array(z.object({ host: z.string(), role: z.string(), facts: z.record(z.string(), z.string()) })),
  results: z.array(result),
  mutants: z.array(mutant).exactOptional(),
  claims: z.array(claim).exactOptional(),
  diagnosis: z.array(diagnosis).exactOptional(),
  gate: gateSchema.exactOptional(),
  confirms: z
    .string()
    .exactOptional()
    .describe('ID of the run before it, in which a regression was suspected'),
});

true satisfies Same<z.infer<typeof runRecordSchema>, RunRecord>;

/** JSON Schema of `run.json`, published as docs/run.schema.json. */
export function recordJsonSchema(): object {
  return {
    title: 'drlab run record',
    description: 'run.json: what one run of drlab did, saw and judged. Every report is drawn from it.',
    ...z.toJSONSchema(runRecordSchema, { io: 'input' }),
  };
}
