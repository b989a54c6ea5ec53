import { z } from 'zod';
import { type ComparisonRecord, comparisonVersion } from '../../model/comparison.ts';
import { envelope, fidelitySchema, instant, versionsSchema } from './envelope.ts';
import { labSpecSchema } from './lab.ts';
import { histogramSchema } from './measurement.ts';
import type { Same } from './same.ts';

/** The published form of `comparison.json`. Fields that it does not know are allowed: they are additions. */

const names = z.array(z.string());
const counts = z.record(z.string(), z.number());

const bytes = z.object({ in: z.number(), out: z.number() });

const variant = z.object({
  name: z.string(),
  title: z.string(),
  spec: labSpecSchema,
  direct: z.literal(true).exactOptional().describe('the client asks the real servers, past the director'),
  kernel: z.string().exactOptional(),
  unsupported: z.string().exactOptional().describe('why it cannot be measured here'),
});

const figureKind = z.object({
  name: z.string(),
  unit: z.string(),
  better: z.enum(['higher', 'lower']),
  effect: z.number().describe('smallest change that matters, as a share'),
});

const workload = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  figures: z.array(figureKind).describe('the first decides'),
});

const trial = z.object({
  workload: z.string(),
  variant: z.string(),
  control: z.boolean().describe('the base once more (A/A)'),
  block: z.number(),
  order: z.number(),
  startedAt: instant,
  durationMs: z.number(),
  figures: counts,
  histogram: histogramSchema.exactOptional(),
  shares: counts.describe('good answers by real server'),
  planned: z.number(),
  good: z.number(),
  errors: counts,
  directorBytes: bytes.exactOptional(),
  clientBytes: bytes.exactOptional(),
  saturated: z.enum(['generator', 'director', 'real server', 'shared CPU', 'nothing']).exactOptional(),
  inconclusive: z.string().exactOptional(),
  again: z.string().exactOptional().describe('why a first try gave no figures'),
});

const ratio = z
  .object({ median: z.number(), low: z.number(), high: z.number() })
  .describe('to the base, block by block; above 1: larger');

const row = z.object({
  variant: z.string(),
  median: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number().describe('blocks with a value'),
  ratio: ratio.exactOptional(),
  p: z.number().exactOptional().describe('corrected by Holm'),
  verdict: z.enum(['base', 'better', 'worse', 'no evidence', 'not judged', 'unsupported']),
  reason: z.string().exactOptional(),
  alike: z.boolean().exactOptional().describe('as good as equal'),
});

const comparedFigure = z.object({
  kind: figureKind,
  rows: z.array(row),
  control: z.object({
    ratio: ratio.nullable(),
    p: z.number(),
    sound: z.boolean(),
    reason: z.string().exactOptional(),
  }),
});

const comparedWorkload = z.object({
  workload,
  figures: z.array(comparedFigure),
  balance: z.array(
    z.object({
      variant: z.string(),
      shares: z.array(
        z.object({ server: z.string(), share: z.number(), expected: z.number().exactOptional() }),
      ),
      jain: z.number(),
      p: z.number().exactOptional(),
    }),
  ),
  histograms: z.array(z.object({ variant: z.string(), histogram: histogramSchema })),
  advice: z.string(),
});

export const comparisonSchema = z.object({
  version: z.literal(comparisonVersion),
  command: z.literal('compare'),
  ...envelope,
  versions: versionsSchema,
  fidelities: z.array(z.object({ variants: names, fidelity: fidelitySchema })),
  plan: z.object({
    seed: z.number(),
    base: z.string(),
    blocks: z.number(),
    reserve: z
      .number()
      .exactOptional()
      .describe('blocks behind the others in order, measured only where pairs are missing'),
    fewest: z.number(),
    trialMs: z.number(),
    budgetMs: z.number().exactOptional(),
    rates: z
      .array(z.object({ workload: z.string(), rateHz: z.number(), why: z.string().exactOptional() }))
      .exactOptional(),
    changes: z.array(z.string()).exactOptional().describe('how the lab differs from its file for comparing'),
    order: z.array(names),
  }),
  variants: z.array(variant),
  trials: z.array(trial),
  workloads: z.array(comparedWorkload),
});

true satisfies Same<z.infer<typeof comparisonSchema>, ComparisonRecord>;

/** JSON Schema of `comparison.json`, published as docs/comparison.schema.json. */
export function comparisonJsonSchema(): object {
  return {
    title: 'drlab comparison record',
    description: 'comparison.json: variants of a lab measured in blocks, and how they compare.',
    ...z.toJSONSchema(comparisonSchema, { io: 'input' }),
  };
}
