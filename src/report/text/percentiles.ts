import type { Histogram } from '../../model/measurement.ts';

/** The ones worth printing, as fractions. */
export const percentiles = [0.5, 0.9, 0.99, 0.999, 0.9999] as const;

/** Fewer samples than 10/(1-p) say nothing about percentile p. */
export function enoughFor(p: number, samples: number): boolean {
  // The tolerance is for 10/(1-0.99), which is 999.9999999999991 in floating point.
  return samples * (1 - p) >= 10 - 1e-6;
}

/** The highest fraction that so many samples support; 0 where not even a median. */
export function highestFraction(samples: number): number {
  return samples < 20 ? 0 : 1 - 10 / samples;
}

/**
 * Upper bound of the bucket in which percentile `p` lies, never more than the maximum.
 * @returns µs, or undefined with too few samples
 */
export function percentileUs(histogram: Histogram, p: number): number | undefined {
  if (!enoughFor(p, histogram.count)) return undefined;
  let seen = 0;
  for (const [upper, count] of histogram.buckets) {
    seen += count;
    if (seen >= p * histogram.count) return Math.min(upper, histogram.max);
  }
  return histogram.max;
}

/** `p50`, `p99.9` */
export const percentileName = (p: number): string => `p${Number((p * 100).toFixed(6))}`;
