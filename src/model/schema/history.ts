import { z } from 'zod';
import { instant } from './envelope.ts';
import { betterSchema } from './measurement.ts';

/** Many runs over time: what is kept of each, and what the gate says of the last one. */

export const commandSchema = z.enum(['run', 'mutants', 'claims']);

export const fingerprintSchema = z
  .object({
    lab: z.string().describe('name of the lab and the start of a hash of its resolved form'),
    sandbox: z.string(),
    kernel: z.string(),
    machine: z.string(),
  })
  .describe('what must be equal for figures of two runs to be compared; each part in words');

export const runFigureSchema = z
  .object({
    check: z.string().describe('ID of the check'),
    name: z.string(),
    value: z.number(),
    unit: z.string(),
    better: betterSchema,
  })
  .describe('one figure that says which way is better; the others gate nothing');

export const runLineSchema = z
  .object({
    id: z.string(),
    command: commandSchema,
    startedAt: instant,
    exitCode: z.number(),
    fingerprint: fingerprintSchema,
    figures: z.array(runFigureSchema),
    checks: z
      .array(z.string())
      .describe('IDs of the checks that were to be seen: all but those skipped or unsupported'),
    confirms: z
      .string()
      .exactOptional()
      .describe('ID of the run that it was to confirm; such a run is no night of its own'),
  })
  .describe('what the index keeps of a run');

export const gateVerdictSchema = z.enum([
  'regression',
  'improvement',
  'no change',
  'not enough history',
  'not measured',
]);

export const figureOutcomeSchema = z
  .enum([
    'regression',
    'suspected',
    'not confirmed',
    'improvement',
    'no change',
    'not enough history',
    'not measured',
  ])
  .describe(
    'suspected: worse than noise explains, once; not confirmed: worse in one of two runs only; not measured: its check was asked for and did not give it',
  );

export const gatedFigureSchema = runFigureSchema.omit({ value: true }).extend({
  outcome: figureOutcomeSchema,
  value: z
    .number()
    .exactOptional()
    .describe('where a second run was needed, its value; missing where it was not measured'),
  firstValue: z.number().exactOptional().describe('in the run that this one was to confirm'),
  centre: z.number().exactOptional().describe('of the baseline'),
  low: z
    .number()
    .exactOptional()
    .describe(
      'beyond low and high it is no noise: the noise band, or the smallest effect that matters where that is wider',
    ),
  high: z.number().exactOptional(),
  runs: z.number().describe('that the noise was estimated from'),
});

export const gateResultSchema = z.object({
  verdict: gateVerdictSchema,
  confirmed: z.boolean().describe('of a regression: seen in two runs; only then should a night fail'),
  needsConfirming: z.boolean().describe('run the same once more and ask again with both'),
  baseline: z.string().describe('in words: the median of the last 7 runs'),
  reason: z.string().describe('why the verdict, as a sentence'),
  figures: z.array(gatedFigureSchema).describe('the worst first'),
});

export const nightGateSchema = gateResultSchema
  .extend({
    fingerprint: fingerprintSchema.describe(
      'what the runs that it was measured against have in common with it',
    ),
    failOn: z
      .literal('regression')
      .exactOptional()
      .describe('what ends the run with 1; without it the gate only tells'),
    confirming: z
      .object({
        run: z.string(),
        folder: z.string().describe('relative to the folder of this run'),
        conclusion: z.string().describe('the sentence that its own reports begin with'),
      })
      .exactOptional()
      .describe('the second run of the same, where something was suspected'),
  })
  .describe('what the gate said of a night');
