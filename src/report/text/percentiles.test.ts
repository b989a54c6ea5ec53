import { describe, expect, it } from 'vitest';
import { aHistogram } from '../testing/charts.ts';
import { figureValue } from './figure.ts';
import { enoughFor, highestFraction, percentileName, percentileUs } from './percentiles.ts';

const uniform = (count: number) => ({
  unit: 'µs' as const,
  count,
  min: 1,
  max: count,
  mean: count / 2,
  buckets: Array.from({ length: count }, (_, i): [number, number] => [i + 1, 1]),
});

describe('a percentile', () => {
  it('needs 10/(1-p) samples', () => {
    expect([enoughFor(0.5, 19), enoughFor(0.5, 20)]).toEqual([false, true]);
    expect([enoughFor(0.99, 999), enoughFor(0.99, 1000)]).toEqual([false, true]);
    expect([enoughFor(0.9999, 99_999), enoughFor(0.9999, 100_000)]).toEqual([false, true]);
    expect(highestFraction(1000)).toBeCloseTo(0.99);
    expect(highestFraction(19)).toBe(0);
  });

  it('is the bucket that it lies in, never above the maximum', () => {
    expect(percentileUs(uniform(1000), 0.5)).toBe(500);
    expect(percentileUs(uniform(1000), 0.99)).toBe(990);
    expect(percentileUs(uniform(1000), 0.999)).toBeUndefined();
    const oneBucket = { ...uniform(100), max: 42, buckets: [[64, 100]] as [number, number][] };
    expect(percentileUs(oneBucket, 0.9)).toBe(42);
  });

  it('grows with p', () => {
    const histogram = aHistogram(100_000, 400);
    const values = [0.5, 0.9, 0.99, 0.999, 0.9999].map((p) => percentileUs(histogram, p) ?? 0);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });

  it('is named without noise of floating point', () => {
    expect([0.5, 0.99, 0.999, 0.9999].map(percentileName)).toEqual(['p50', 'p99', 'p99.9', 'p99.99']);
  });
});

describe('a figure that is a percentile', () => {
  const figure = { name: 'p99 through the director', value: 890, unit: 'µs' };
  it('is printed only with enough samples', () => {
    expect(figureValue({ ...figure, samples: 999 })).toBe('– (too few samples)');
    expect(figureValue({ ...figure, samples: 1000 })).toBe('890 µs');
    expect(figureValue({ ...figure, name: 'outage', samples: 3 })).toBe('890 µs');
  });
});
