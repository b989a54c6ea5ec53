import type { Histogram } from '../model/measurement.ts';

/** Buckets per octave: a bucket is at most 1/128 as wide as its values, so errors stay below 1 %. */
const perOctave = 128;

/** Upper bound (inclusive) of the log-linear bucket that holds `valueUs`; exact below 256 µs. */
function upperBound(valueUs: number): number {
  const value = Math.max(0, Math.round(valueUs));
  if (value < 2 * perOctave) return value;
  const width = 2 ** (Math.floor(Math.log2(value)) - Math.log2(perOctave));
  return (Math.floor(value / width) + 1) * width - 1;
}

/** @param samplesUs in any order, in µs */
export function histogramOf(samplesUs: Iterable<number>): Histogram {
  const counts = new Map<number, number>();
  let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, 0];
  for (const sample of samplesUs) {
    const bound = upperBound(sample);
    counts.set(bound, (counts.get(bound) ?? 0) + 1);
    count += 1;
    sum += sample;
    min = Math.min(min, sample);
    max = Math.max(max, sample);
  }
  return build(counts, count, sum, min, max);
}

export function mergeHistograms(histograms: Histogram[]): Histogram {
  const counts = new Map<number, number>();
  let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, 0];
  for (const h of histograms.filter((each) => each.count > 0)) {
    for (const [bound, n] of h.buckets) counts.set(bound, (counts.get(bound) ?? 0) + n);
    count += h.count;
    sum += h.mean * h.count;
    min = Math.min(min, h.min);
    max = Math.max(max, h.max);
  }
  return build(counts, count, sum, min, max);
}

function build(counts: Map<number, number>, count: number, sum: number, min: number, max: number): Histogram {
  if (count === 0) return { unit: 'µs', count: 0, min: 0, max: 0, mean: 0, buckets: [] };
  return { unit: 'µs', count, min, max, mean: sum / count, buckets: [...counts].sort((a, b) => a[0] - b[0]) };
}

/**
 * @param p between 0 and 1, such as 0.99
 * @returns the percentile in µs, or undefined with fewer than 10/(1-p) samples: too few to mean anything.
 */
export function percentile(h: Histogram, p: number): number | undefined {
  if (!(p >= 0 && p < 1)) throw new RangeError(`a percentile is at least 0 and below 1, not ${p}`);
  if (h.count * (1 - p) < 10 - 1e-6) return undefined;
  const rank = Math.max(1, Math.ceil(h.count * p - 1e-6));
  let seen = 0;
  for (const [bound, count] of h.buckets) {
    seen += count;
    if (seen >= rank) return Math.min(Math.max(bound, h.min), h.max);
  }
  return h.max;
}
