import { expect, it } from 'vitest';
import { median, quantile } from './quantile.ts';

it('medians of odd and even numbers of samples, in any order, which stays as it was', () => {
  const samples = [9, 1, 5];
  expect([median(samples), median([4, 1, 3, 2]), median([7])]).toEqual([5, 2.5, 7]);
  expect(samples).toEqual([9, 1, 5]);
});

it('quantiles interpolate as type 7 does', () => {
  const samples = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect(quantile(samples, 0.25)).toBe(3.25);
  expect(quantile(samples, 0.9)).toBeCloseTo(9.1, 12);
  expect([quantile(samples, 0), quantile(samples, 1)]).toEqual([1, 10]);
  expect(median([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
});

it('refuses what has no quantile', () => {
  expect(() => quantile([], 0.5)).toThrow('no samples');
  expect(() => quantile([1], 1.5)).toThrow('from 0 to 1');
  expect(() => median([1, Number.NaN])).toThrow('not a number');
});
