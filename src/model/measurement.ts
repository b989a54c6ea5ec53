import type { z } from 'zod';
import type {
  barChartSchema,
  chartSchema,
  figureSchema,
  histogramSchema,
  latencyChartSchema,
  probePointSchema,
  stretchSchema,
  timelineChartSchema,
} from './schema/measurement.ts';

/** Figures and charts; schema/measurement.ts says what each field means. */

export type Figure = z.infer<typeof figureSchema>;
/** Counts per bucket; buckets are sorted by their upper bound. */
export type Histogram = z.infer<typeof histogramSchema>;
/** One probe of a stream: planned send time and what came back. */
export type ProbePoint = z.infer<typeof probePointSchema>;
/** A time without service, as it is counted and as it is drawn. */
export type Stretch = z.infer<typeof stretchSchema>;
export type LatencyChart = z.infer<typeof latencyChartSchema>;
export type TimelineChart = z.infer<typeof timelineChartSchema>;
export type BarChart = z.infer<typeof barChartSchema>;
export type Chart = z.infer<typeof chartSchema>;
