/** Figures with units, histograms instead of percentiles, and what charts are drawn from. */

export interface Figure {
  name: string;
  value: number;
  /** Such as `ms`, `µs`, `bit/s`, `requests/s`, `1` for a ratio. */
  unit: string;
  /** Number of samples behind it, where that means something. */
  samples?: number;
  better?: 'higher' | 'lower';
}

/** Counts per bucket; buckets are sorted by their upper bound. */
export interface Histogram {
  unit: 'µs';
  count: number;
  min: number;
  max: number;
  mean: number;
  /** `[upper bound, count]`, only buckets that are not empty. */
  buckets: [number, number][];
}

/** One probe of a stream: planned send time and what came back. */
export interface ProbePoint {
  /** Milliseconds since the start of the observation. */
  tMs: number;
  /** From the planned send time; null where no good answer came. */
  latencyMs: number | null;
  /** Name of the real server that answered. */
  server?: string;
  /** `refused`, `reset`, `timeout`, … */
  error?: string;
}

export interface LatencyChart {
  kind: 'latency';
  title: string;
  series: { name: string; histogram: Histogram }[];
}

/** A failover on a time line: one lane per stream, vertical marks for faults and recoveries. */
export interface TimelineChart {
  kind: 'timeline';
  title: string;
  durationMs: number;
  streams: { name: string; points: ProbePoint[] }[];
  marks: { tMs: number; label: string }[];
}

export interface BarChart {
  kind: 'bars';
  title: string;
  unit: string;
  bars: { name: string; value: number; expected?: number }[];
}

export type Chart = LatencyChart | TimelineChart | BarChart;
