import { z } from 'zod';

/** Figures with units, histograms instead of percentiles, and what charts are drawn from. */

export const betterSchema = z.enum(['higher', 'lower']);

export const figureSchema = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string().describe('such as ms, µs, bit/s, requests/s, 1 for a ratio'),
  samples: z.number().exactOptional().describe('number of samples behind it, where that means something'),
  better: betterSchema.exactOptional(),
});

export const histogramSchema = z.object({
  unit: z.literal('µs'),
  count: z.number(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  buckets: z.array(z.tuple([z.number(), z.number()])).describe('[upper bound, count], sorted, none empty'),
});

export const probePointSchema = z.object({
  tMs: z.number().describe('planned send time since the start of the observation'),
  latencyMs: z.number().nullable().describe('from the planned send time; null where no good answer came'),
  server: z.string().exactOptional().describe('name of the real server that answered'),
  error: z.string().exactOptional().describe('refused, reset, timeout, …'),
});

export const stretchSchema = z
  .object({
    fromMs: z.number().describe('planned time of the first probe without a good answer in time'),
    toMs: z.number().describe('when the first answer to anything planned since came back'),
    bad: z.number().describe('probes in it'),
    ended: z.boolean().describe('whether an answer ended it'),
  })
  .describe('a time without service');

export const latencyChartSchema = z.object({
  kind: z.literal('latency'),
  title: z.string(),
  series: z.array(z.object({ name: z.string(), histogram: histogramSchema })),
});

export const timelineChartSchema = z
  .object({
    kind: z.literal('timeline'),
    title: z.string(),
    durationMs: z.number(),
    streams: z.array(
      z.object({
        name: z.string(),
        points: z.array(probePointSchema),
        outages: z
          .array(stretchSchema)
          .exactOptional()
          .describe('as they were measured; older records lack them'),
      }),
    ),
    marks: z.array(z.object({ tMs: z.number(), label: z.string() })),
  })
  .describe('a failover on a time line: one row for each stream, vertical marks for faults and recoveries');

export const barChartSchema = z.object({
  kind: z.literal('bars'),
  title: z.string(),
  unit: z.string(),
  bars: z.array(z.object({ name: z.string(), value: z.number(), expected: z.number().exactOptional() })),
});

export const chartSchema = z.discriminatedUnion('kind', [
  latencyChartSchema,
  timelineChartSchema,
  barChartSchema,
]);
