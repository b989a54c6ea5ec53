import { z } from 'zod';
import { levels, suiteNames, verdicts } from '../check.ts';
import { preconditionNames } from '../preconditions.ts';
import { faultFamilies } from '../random-fault.ts';
import { recordVersion } from '../versions.ts';
import { envelope, fidelitySchema, instant, versionsSchema } from './envelope.ts';
import { commandSchema, nightGateSchema } from './history.ts';
import { configTextSchema, forwardingMethodSchema } from './lab.ts';
import { chartSchema, figureSchema } from './measurement.ts';
import { remedyStepSchema } from './remedy.ts';

/** The published form of `run.json`. Fields that it does not know are allowed: they are additions. */

export const verdictSchema = z.enum(verdicts);

export const checkSummary = {
  id: z.string(),
  suite: z.enum(suiteNames),
  level: z
    .enum(levels)
    .describe(
      'must: a failure means not conformant; should: a failure is a warning; measure: figures, no demand',
    ),
  title: z.string(),
  requirement: z.string(),
};

export const evidenceRefSchema = z.object({
  name: z.string(),
  path: z.string().describe("relative to the run's folder"),
  bytes: z.number(),
  leftOut: z.literal(true).exactOptional().describe('this copy of the run was published without the file'),
});

export const refutationSchema = z.object({
  precondition: z.enum(preconditionNames),
  hosts: z.array(z.string()),
  of: z
    .string()
    .exactOptional()
    .describe('a service such as tcp 198.18.0.100:80, or a VIP with all its services; missing: every VIP'),
  from: z.array(z.string()).exactOptional().describe('only as these clients see it; missing: all of them'),
});

export const becauseSchema = z
  .object({ check: z.string(), hosts: z.array(z.string()) })
  .describe(
    'the finding that this one follows from, or, where it is inconclusive, because of which it was not judged',
  );

export const checkResultSchema = z.object({
  ...checkSummary,
  source: z.string().describe('where the requirement comes from'),
  stage: z
    .object({ id: z.string(), title: z.string() })
    .exactOptional()
    .describe('the derived lab that it was judged in, where that was not the lab as written'),
  verdict: verdictSchema,
  expected: z.string().exactOptional(),
  seen: z.string().exactOptional(),
  cause: z.string().exactOptional().describe('likely cause, naming the host'),
  remedy: z.array(remedyStepSchema).exactOptional().describe('what fixes it, step by step'),
  refutes: z.array(refutationSchema).exactOptional().describe('what other checks presume and is not so'),
  because: becauseSchema.exactOptional(),
  reason: z.string().exactOptional().describe('for unsupported, skipped, inconclusive and broken: why'),
  vantages: z
    .array(z.object({ from: z.string(), verdict: verdictSchema, seen: z.string().exactOptional() }))
    .exactOptional()
    .describe(
      'what each client and service showed, where the lab has several kinds; figures are those of the first',
    ),
  figures: z.array(figureSchema),
  charts: z.array(chartSchema),
  evidence: z.array(evidenceRefSchema),
  forwards: z
    .array(forwardingMethodSchema)
    .exactOptional()
    .describe('the forwarding methods that it is about, where these are not all'),
  families: z
    .array(z.union([z.literal(4), z.literal(6)]))
    .exactOptional()
    .describe('the families of the services that it was judged for, where the lab has others, too'),
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
    .describe(
      'the worst that timers in the sandbox were late meanwhile; where the check waits for some, in real time',
    ),
});

export const hostProvenanceSchema = z.object({
  host: z.string(),
  role: z.string(),
  facts: z
    .record(z.string(), z.string())
    .describe('heading to text: addresses, neighbours, routes, qdiscs, sysctls, ipvsadm -Sn, offloads'),
});

export const mutantResultSchema = z.object({
  check: z.string(),
  mutant: z.string(),
  breaks: z.string(),
  outcome: z
    .enum(['killed', 'survived', 'wrong-reason', 'no-verdict', 'unsupported'])
    .describe('killed: the check failed for the stated reason'),
  verdict: verdictSchema.describe('what the check said'),
  seen: z.string(),
  others: z
    .array(z.object({ check: z.string(), verdict: verdictSchema }))
    .exactOptional()
    .describe('what the other MUST checks said in the same broken lab'),
});

export const randomFaultResultSchema = z.object({
  id: z.string().describe('R01: its place among those drawn'),
  family: z.enum(faultFamilies),
  kind: z.string(),
  hosts: z.array(z.string()).describe('of which a finding should name one'),
  breaks: z.string(),
  outcome: z
    .enum(['right', 'wrong-cause', 'wrong-host', 'missed', 'quiet', 'false-alarm', 'no-verdict'])
    .describe(
      'right: the first finding names host and cause; quiet: harmless, and nothing was found; false-alarm: harmless, and something was',
    ),
  first: z
    .object({
      check: z.string(),
      verdict: verdictSchema,
      seen: z.string(),
      cause: z.string().exactOptional(),
    })
    .exactOptional()
    .describe('the finding that its report shows first'),
  others: z.array(z.object({ check: z.string(), verdict: verdictSchema })).describe('the other findings'),
  reason: z.string().exactOptional().describe('of no-verdict: why'),
  run: z.string().describe("folder of the run that judged the lab, relative to this run's"),
  tookMs: z.number(),
});

export const randomFaultsSchema = z
  .object({
    seed: z.number(),
    faults: z.array(randomFaultResultSchema),
    counts: z.object({
      faults: z.number().describe('that were put in and judged, without the harmless ones'),
      found: z.number(),
      rightHost: z.number(),
      rightCause: z.number().describe('and host'),
      harmless: z.number(),
      falseAlarms: z.number(),
      noVerdict: z.number(),
    }),
  })
  .describe('single faults drawn at random, each in a lab of its own');

export const decidedClaimSchema = z.object({
  id: z.string().describe('S05; stable'),
  subject: z.string().describe('what it is about, such as packet path'),
  statement: z.string(),
  because: z.string().describe('why, in one or two sentences'),
  verdict: z.enum(['true', 'partly', 'false', 'open']).describe('open: what should decide it did not'),
  evidence: z.array(z.object({ check: z.string(), verdict: verdictSchema, seen: z.string() })),
});

export const diagnosisSchema = z.object({
  mutant: z.string(),
  breaks: z.string(),
  also: z.array(z.string()).exactOptional().describe('what else the same remedy would put right'),
  agree: z.number().describe('of the checks that decided here and there, how many said the same'),
  of: z.number(),
  share: z.number().describe('how likely it is among all known misconfigurations, 0 to 1'),
  cause: z.string().exactOptional().describe("the run's own words on where it is"),
  remedy: z.array(remedyStepSchema).exactOptional().describe('what fixes it, step by step'),
  apart: z.string().exactOptional().describe('what tells it from the next candidate'),
});

export const unsettledLabSchema = z
  .object({ case: z.string(), lacks: z.string().describe('such as d1: lacks vip:198.18.0.100') })
  .describe('a lab in which what was applied had not taken effect in time');

export const unsettledLabsSchema = z
  .array(unsettledLabSchema)
  .describe('labs that did not settle, but for those that mutants broke; their checks were run all the same');

export const runRecordSchema = z.object({
  version: z.literal(recordVersion),
  command: commandSchema,
  ...envelope,
  fidelity: fidelitySchema,
  seed: z.number().exactOptional().describe('what random numbers in virtual time came from'),
  notRun: z
    .array(z.string())
    .exactOptional()
    .describe(
      'checks that had not ended when the run was interrupted, or whose lab a hook that failed left unconfigured',
    ),
  simulated: z
    .array(z.object({ case: z.string(), ms: z.number() }))
    .exactOptional()
    .describe('how long each lab in virtual time went by its own clock, from nothing to nothing'),
  versions: versionsSchema,
  unsettled: unsettledLabsSchema.exactOptional(),
  configs: z.array(configTextSchema),
  hosts: z.array(hostProvenanceSchema),
  results: z.array(checkResultSchema),
  mutants: z.array(mutantResultSchema).exactOptional(),
  random: randomFaultsSchema.exactOptional(),
  claims: z.array(decidedClaimSchema).exactOptional(),
  diagnosis: z
    .array(diagnosisSchema)
    .exactOptional()
    .describe('known misconfigurations that failures like these come from, the likeliest first'),
  gate: nightGateSchema.exactOptional().describe('what its figures are against those of the nights before'),
  confirms: z
    .string()
    .exactOptional()
    .describe('ID of the run before it, in which a regression was suspected'),
});

/** JSON Schema of `run.json`, published as docs/run.schema.json. */
export function recordJsonSchema(): object {
  return {
    title: 'drlab run record',
    description: 'run.json: what one run of drlab did, saw and judged. Every report is drawn from it.',
    ...z.toJSONSchema(runRecordSchema, { io: 'input' }),
  };
}
