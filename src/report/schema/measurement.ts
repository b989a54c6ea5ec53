import { z } from 'zod';

/** Figures, histograms and charts, as src/model/measurement.ts has them. */

export const figureSchema = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  samples: z.number().exactOptional(),
  better: z.enum(['higher', 'lower']).exactOptional(),
});

export const histogramSchema = z.object({
  unit: z.literal('µs'),
  count: z.number(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  buckets: z.array(z.tuple([z.number(), z.number()])).describe('[upper bound, count], sorted, none empty'),
});

const point = z.object({
  tMs: z.number().describe('planned send time since the start of the observation'),
  latencyMs: z.number().nullable().describe('from the planned send time; null where no good answer came'),
  server: z.string().exactOptional(),
  error: z.string().exactOptional(),
});

const latency = z.object({
  kind: z.literal('latency'),
  title: z.string(),
  series: z.array(z.object({ name: z.string(), histogram: histogramSchema })),
});

const timeline = z.object({
  kind: z.literal('timeline'),
  title: z.string(),
  durationMs: z.number(),
  streams: z.array(z.object({ name: z.string(), points: z.array(point) })),
  marks: z.array(z.object({ tMs: z.number(), label: z.string() })),
});

const bars = z.object({
  kind: z.literal('bars'),
  title: z.string(),
  unit: z.string(),
  bars: z.array(z.object({ name: z.string(), value: z.number(), expected: z.number().exactOptional() })),
});

export const chartSchema = z.discriminatedUnion('kind', [latency, timeline, bars]);
