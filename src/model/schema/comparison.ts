import { z } from 'zod';
import { comparisonVersion } from '../versions.ts';
import { envelope, fidelitySchema, instant, versionsSchema } from './envelope.ts';
import { labSpecSchema } from './lab.ts';
import { betterSchema, histogramSchema } from './measurement.ts';

/** The published form of `comparison.json`. Fields that it does not know are allowed: they are additions. */

const names = z.array(z.string());
const counts = z.record(z.string(), z.number());

const bytes = z.object({ in: z.number(), out: z.number() });

export const variantSchema = z
  .object({
    name: z.string().describe('short and unique: rr, dr, ipvsadm, 6.12'),
    title: z.string().describe('as a phrase: scheduler rr, forwarding method TUN'),
    spec: labSpecSchema,
    direct: z
      .literal(true)
      .exactOptional()
      .describe('the client asks the real servers in turn, bypassing the director'),
    kernel: z.string().exactOptional().describe('of the qemu sandbox, where kernels are compared'),
    unsupported: z.string().exactOptional().describe('why it cannot be measured here; it has no trials then'),
  })
  .describe('one of the things that are compared; its lab differs from that of the base in that only');

export const figureKindSchema = z
  .object({
    name: z.string().describe('such as p99 of new connections'),
    unit: z.string(),
    better: betterSchema,
    effect: z.number().describe('smallest change that matters, as a share'),
  })
  .describe('how much of a trial one figure tells');

export const workloadSchema = z.object({
  id: z.string().describe('as on the command line: slow-server'),
  title: z.string(),
  description: z.string().describe('what the load is and what it stands for'),
  figures: z.array(figureKindSchema).describe('the first decides which variant is recommended'),
});

export const trialSchema = z
  .object({
    workload: z.string(),
    variant: z.string(),
    control: z.boolean().describe('the base once more (A/A)'),
    block: z.number().describe('counted from 0'),
    order: z.number().describe('place in the order of the whole comparison, from 0'),
    startedAt: instant,
    durationMs: z.number(),
    figures: counts.describe('by name of the figure kind; one that could not be measured is missing'),
    histogram: histogramSchema.exactOptional().describe('of all good answers, from their planned times'),
    shares: counts.describe('good answers by real server'),
    planned: z.number().describe('probes planned'),
    good: z.number().describe('probes answered well'),
    errors: counts.describe('probes that failed, by kind'),
    directorBytes: bytes
      .exactOptional()
      .describe("on the director's interface during the load, where the kernel counts them"),
    clientBytes: bytes
      .exactOptional()
      .describe("on the client's interface in the same time: in holds the answers"),
    saturated: z
      .enum(['generator', 'director', 'real server', 'shared CPU', 'nothing'])
      .exactOptional()
      .describe(
        'which part was at its limit; shared CPU: the CPUs were full, and client, director and real servers run on the same ones',
      ),
    inconclusive: z
      .string()
      .exactOptional()
      .describe('why there are no figures: the instrument was not healthy, or observing threw'),
    unsettled: z
      .string()
      .exactOptional()
      .describe('what the lab lacked when it should have settled; it was measured in all the same'),
    again: z
      .string()
      .exactOptional()
      .describe('why a first try gave no figures; what is here was measured at the end of the block'),
  })
  .describe('one measurement: one variant under one workload in one block');

const ratio = z
  .object({ median: z.number(), low: z.number(), high: z.number() })
  .describe('to the base, block by block; above 1: larger');

export const comparedRowSchema = z.object({
  variant: z.string(),
  median: z.number().nullable().describe('over the blocks; null where nothing was measured'),
  low: z.number().nullable().describe('of that median, 95 %'),
  high: z.number().nullable(),
  n: z.number().describe('blocks with a value'),
  ratio: ratio
    .exactOptional()
    .describe('median of the paired ratio to the base; above 1: larger; missing for the base itself'),
  p: z.number().exactOptional().describe('corrected by Holm'),
  verdict: z.enum(['base', 'better', 'worse', 'no evidence', 'not judged', 'unsupported']),
  reason: z
    .string()
    .exactOptional()
    .describe('for no evidence, not judged and unsupported: why, as a clause'),
  alike: z
    .boolean()
    .exactOptional()
    .describe('as good as equal: the whole interval is nearer to 1 than the smallest effect that matters'),
});

export const comparedFigureSchema = z.object({
  kind: figureKindSchema,
  rows: z.array(comparedRowSchema),
  control: z
    .object({
      ratio: ratio.nullable(),
      p: z.number(),
      sound: z.boolean(),
      reason: z.string().exactOptional(),
    })
    .describe('A/A: the base measured twice in every block'),
});

export const comparedWorkloadSchema = z.object({
  workload: workloadSchema,
  figures: z.array(comparedFigureSchema).describe('the first decides'),
  balance: z
    .array(
      z.object({
        variant: z.string(),
        shares: z.array(
          z.object({ server: z.string(), share: z.number(), expected: z.number().exactOptional() }),
        ),
        jain: z.number().describe("Jain's index; 1: equal by weight"),
        p: z
          .number()
          .exactOptional()
          .describe('chi-square of the counts against the weights; missing where they cannot be tested'),
      }),
    )
    .describe('share of the good answers by variant and real server'),
  histograms: z
    .array(z.object({ variant: z.string(), histogram: histogramSchema }))
    .describe('all good answers of a variant over all blocks'),
  advice: z.string().describe('for which load which variant, and how sure that is; plain sentences'),
});

export const comparisonPlanSchema = z
  .object({
    seed: z.number(),
    base: z.string(),
    blocks: z.number(),
    reserve: z
      .number()
      .exactOptional()
      .describe(
        'blocks behind the others in order; one is measured only where fewer pairs than fewest came to figures and the budget has time left: what the figures are has no say',
      ),
    fewest: z.number().describe('pairs needed for any verdict'),
    trialMs: z.number(),
    budgetMs: z.number().exactOptional(),
    rates: z
      .array(z.object({ workload: z.string(), rateHz: z.number(), why: z.string().exactOptional() }))
      .exactOptional()
      .describe(
        'requests a second of each workload, fixed before the first block; why they are below its own rate, where they are',
      ),
    changes: names.exactOptional().describe('how the lab differs from its file for comparing, as clauses'),
    order: z
      .array(names)
      .describe(
        "variants in the order of measuring, the same for every workload of a block; the base's second turn in a block is base (A/A)",
      ),
  })
  .describe('fixed before the first measurement');

const fidelitiesSchema = z
  .array(z.object({ variants: names, fidelity: fidelitySchema }))
  .describe('of every place that was measured in; one unless kernels were compared');

export const comparisonSchema = z.object({
  version: z.literal(comparisonVersion),
  command: z.literal('compare'),
  ...envelope,
  versions: versionsSchema,
  fidelities: fidelitiesSchema,
  plan: comparisonPlanSchema,
  variants: z.array(variantSchema),
  trials: z.array(trialSchema),
  workloads: z.array(comparedWorkloadSchema),
});

/** JSON Schema of `comparison.json`, published as docs/comparison.schema.json. */
export function comparisonJsonSchema(): object {
  return {
    title: 'drlab comparison record',
    description: 'comparison.json: variants of a lab measured in blocks, and how they compare.',
    ...z.toJSONSchema(comparisonSchema, { io: 'input' }),
  };
}
