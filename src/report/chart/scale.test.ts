import { describe, expect, it } from 'vitest';
import { between, fromZero, logarithmic } from './scale.ts';

describe('a scale from zero', () => {
  it('has round ticks and reaches the maximum', () => {
    const scale = fromZero(1309, 0, 100, 5);
    expect(scale.ticks).toEqual([0, 500, 1000, 1500]);
    expect([scale(0), scale(1500)]).toEqual([0, 100]);
  });

  it('stands when there is nothing to show', () => {
    expect(Number.isFinite(fromZero(0, 0, 100, 5)(0))).toBe(true);
  });
});

describe('a logarithmic scale', () => {
  it('covers the values with ticks at round numbers', () => {
    const scale = logarithmic(130, 40_000, 100, 0, 6);
    expect(scale.ticks).toEqual([100, 1000, 10_000]);
    expect(scale(130)).toBeLessThanOrEqual(100);
    expect(scale(40_000)).toBeGreaterThanOrEqual(0);
    expect(scale(1000)).toBeGreaterThan(scale(10_000));
  });

  it('does not break on a single value, nor on values outside', () => {
    const scale = logarithmic(1, 1, 100, 0, 4);
    expect([scale(0.001), scale(1), scale(1e9)].every(Number.isFinite)).toBe(true);
  });
});

describe('a scale between two values', () => {
  it('has round ticks round them', () => {
    const scale = between(1.13, 1.27, 100, 0, 4);
    expect(scale.ticks.map((tick) => Number(tick.toFixed(9)))).toEqual([1.1, 1.15, 1.2, 1.25, 1.3]);
    expect([scale(1.1), scale(1.3)].map(Math.round)).toEqual([100, 0]);
  });

  it('stands where all values are one, or nothing', () => {
    for (const value of [0, 5, -3])
      expect(Number.isFinite(between(value, value, 0, 100, 5)(value))).toBe(true);
  });
});
