import { describe, expect, it } from 'vitest';
import { midranks } from './ranks.ts';
import { signedRankTest } from './wilcoxon.ts';

describe("Wilcoxon's signed-rank test", () => {
  it('is exact on textbook data', () => {
    // Hollander and Wolfe, example 3.1: depression before and after a tranquiliser.
    const depression = [0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01];
    expect(signedRankTest(depression)).toEqual({ n: 9, positive: 40, p: 0.0390625, exact: true });
    // Darwin's maize, crossed less self-fertilised; Fisher, «The Design of Experiments», chapter 3.
    const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signedRankTest(maize)).toEqual({ n: 15, positive: 96, p: 0.041259765625, exact: true });
  });

  it('stays exact with ties and drops zeros: as counted by hand over all 128 signs', () => {
    const differences = [2, -1, 1, 3, 3, -2, 5, 0];
    expect(signedRankTest(differences)).toEqual({
      n: 7,
      positive: 23,
      p: byAllSigns(differences),
      exact: true,
    });
    expect(byAllSigns(differences)).toBe(0.15625);
  });

  it('approximates a large sample, ties corrected', () => {
    const many = Array.from({ length: 80 }, (_, i) => ((i * 37) % 101) - 40);
    const { p, exact, n } = signedRankTest(many);
    expect({ exact, n }).toEqual({ exact: false, n: 79 });
    expect(p).toBeCloseTo(0.005844114716713923, 12);
  });

  it('approximation and counting agree where they meet', () => {
    const fifty = Array.from({ length: 50 }, (_, i) => ((i * 29) % 50) - 17.5);
    const more = [...fifty, 0.001];
    expect(Math.abs(signedRankTest(fifty).p - signedRankTest(more).p)).toBeLessThan(0.02);
    expect(signedRankTest(fifty).exact).toBe(true);
    expect(signedRankTest(more).exact).toBe(false);
  });

  it('knows nothing without differences, and little with few', () => {
    expect(signedRankTest([]).p).toBe(1);
    expect(signedRankTest([0, 0, 0]).p).toBe(1);
    expect(signedRankTest([1, 1, 1, 1, 1]).p).toBe(2 / 32);
    expect(signedRankTest([-3, -1, -2]).p).toBe(signedRankTest([3, 1, 2]).p);
    expect(() => signedRankTest([Number.NaN])).toThrow('not a number');
  });
});

it('equal values share ranks', () => {
  expect(midranks([3, 1, 3, 2, 3])).toEqual({ ranks: [4, 1, 4, 2, 4], ties: [1, 1, 3] });
  expect(midranks([])).toEqual({ ranks: [], ties: [] });
});

function byAllSigns(differences: number[]): number {
  const kept = differences.filter((one) => one !== 0);
  const { ranks } = midranks(kept.map(Math.abs));
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const seen = ranks.reduce((sum, rank, i) => sum + ((kept[i] ?? 0) > 0 ? rank : 0), 0);
  const sums = Array.from({ length: 2 ** kept.length }, (_, signs) =>
    ranks.reduce((sum, rank, i) => sum + (signs & (1 << i) ? rank : 0), 0),
  );
  const far = Math.abs(seen - total / 2);
  return sums.filter((sum) => Math.abs(sum - total / 2) >= far).length / sums.length;
}
