import { z } from 'zod';

/** What the gate said of a night, as src/model/history.ts has it. */

const figure = z.object({
  check: z.string(),
  name: z.string(),
  unit: z.string(),
  better: z.enum(['higher', 'lower']),
  outcome: z.enum([
    'regression',
    'suspected',
    'not confirmed',
    'improvement',
    'no change',
    'not enough history',
    'not measured',
  ]),
  value: z.number().exactOptional().describe('where a second run was needed, its value'),
  firstValue: z.number().exactOptional(),
  centre: z.number().exactOptional().describe('of the baseline'),
  low: z.number().exactOptional(),
  high: z.number().exactOptional(),
  runs: z.number().describe('that the noise was estimated from'),
});

export const gateSchema = z.object({
  verdict: z.enum(['regression', 'improvement', 'no change', 'not enough history', 'not measured']),
  confirmed: z.boolean().describe('of a regression: seen in two runs'),
  needsConfirming: z.boolean(),
  baseline: z.string(),
  reason: z.string(),
  figures: z.array(figure).describe('the worst first'),
  fingerprint: z
    .object({ lab: z.string(), sandbox: z.string(), kernel: z.string(), machine: z.string() })
    .describe('what the runs that it was measured against have in common with it'),
  failOn: z.literal('regression').exactOptional(),
  confirming: z
    .object({
      run: z.string(),
      folder: z.string().describe('relative to the folder of this run'),
      conclusion: z.string(),
    })
    .exactOptional(),
});
