import { expect, it } from 'vitest';
import { blocksWithin, fewestBlocks } from './budget.ts';
import { holm } from './holm.ts';
import { signedRankTest } from './wilcoxon.ts';

it('the fewest blocks are those with which all-equal signs are just significant', () => {
  for (const comparisons of [1, 2, 5, 6, 10]) {
    const smallestP = (blocks: number): number => {
      const { p } = signedRankTest(Array.from({ length: blocks }, (_, i) => i + 1));
      return Math.max(...holm(Array.from({ length: comparisons }, () => p)));
    };
    const fewest = fewestBlocks(comparisons);
    expect(smallestP(fewest)).toBeLessThanOrEqual(0.05);
    expect(smallestP(fewest - 1)).toBeGreaterThan(0.05);
  }
  expect([1, 5, 6].map((m) => fewestBlocks(m))).toEqual([6, 8, 8]);
});

it('a budget says how many blocks fit before anything is measured', () => {
  const six = { budgetMs: 600_000, beforeMs: 20_000, trialMs: 8_000, variants: 6 };
  expect(blocksWithin(six)).toEqual({
    blocks: 10,
    fewest: 8,
    enough: true,
    needsMs: 20_000 + 8 * 7 * 8_000,
    longestTrialMs: 10_357,
  });
  const short = blocksWithin({ ...six, budgetMs: 240_000 });
  expect(short).toMatchObject({ blocks: 3, enough: false });
  expect(blocksWithin({ ...six, budgetMs: 240_000, trialMs: short.longestTrialMs })).toMatchObject({
    blocks: 8,
    enough: true,
  });
  expect(blocksWithin({ ...six, budgetMs: 1000 })).toMatchObject({ blocks: 0, enough: false });
});
