import { describe, expect, it } from 'vitest';
import { histogramOf, mergeHistograms, percentile } from './histogram.ts';

/** 1, 2, …, n in an order that is not sorted. */
const upTo = (n: number) => Array.from({ length: n }, (_, i) => ((i * 7919) % n) + 1);

describe('histogramOf', () => {
  it('keeps counts, extremes and the mean exactly', () => {
    const h = histogramOf([100, 300, 5_000_000]);
    expect(h).toMatchObject({ unit: 'µs', count: 3, min: 100, max: 5_000_000 });
    expect(h.mean).toBeCloseTo(1_666_800);
    expect(h.buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(3);
  });

  it('is exact for small values and within 1 % for all others', () => {
    for (let value = 0; value < 1e9; value = Math.ceil(value * 1.37) + 1) {
      const bound = histogramOf([value]).buckets[0]?.[0] ?? -1;
      expect(bound).toBeGreaterThanOrEqual(value);
      expect(bound - value).toBeLessThanOrEqual(value < 256 ? 0 : value * 0.01);
    }
  });

  it('has no buckets without samples', () =>
    expect(histogramOf([])).toEqual({ unit: 'µs', count: 0, min: 0, max: 0, mean: 0, buckets: [] }));
});

describe('percentile', () => {
  it('is within 1 % of the true one', () => {
    const h = histogramOf(upTo(100_000));
    for (const p of [0.5, 0.9, 0.99, 0.999]) {
      expect(Math.abs((percentile(h, p) ?? 0) / (100_000 * p) - 1)).toBeLessThan(0.01);
    }
  });

  it('says nothing with fewer than 10/(1-p) samples', () => {
    expect(percentile(histogramOf(upTo(999)), 0.99)).toBeUndefined();
    expect(percentile(histogramOf(upTo(1_000)), 0.99)).toBeDefined();
    expect(percentile(histogramOf(upTo(19)), 0.5)).toBeUndefined();
    expect(percentile(histogramOf(upTo(20)), 0.5)).toBe(10);
  });

  it('refuses percents', () => expect(() => percentile(histogramOf([1]), 99)).toThrow('below 1'));
});

describe('mergeHistograms', () => {
  it('gives what all samples together give', () => {
    const [a, b] = [upTo(3_000), upTo(500).map((value) => value * 90)];
    const merged = mergeHistograms([histogramOf(a), histogramOf([]), histogramOf(b)]);
    const whole = histogramOf([...a, ...b]);
    expect(merged.buckets).toEqual(whole.buckets);
    expect(merged).toMatchObject({ count: 3_500, min: whole.min, max: whole.max });
    expect(merged.mean).toBeCloseTo(whole.mean);
  });
});
