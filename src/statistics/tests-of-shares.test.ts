import { describe, expect, it } from 'vitest';
import { goodnessOfFit } from './chi-square.ts';
import { jainIndex } from './fairness.ts';
import { holm } from './holm.ts';
import { randomFrom } from './random.ts';

describe("Holm's correction", () => {
  it('on a worked example: p.adjust of R', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((known, i) => {
      expect(adjusted[i]).toBeCloseTo(known, 12);
    });
  });
  it('never above 1, alone unchanged, nothing of nothing', () => {
    expect([holm([0.6, 0.7]), holm([0.03]), holm([])]).toEqual([[1, 1], [0.03], []]);
  });
});

describe("Jain's index", () => {
  it('goes from 1/n to 1', () => {
    expect(jainIndex([5, 5, 5, 5])).toBe(1);
    expect(jainIndex([20, 0, 0, 0])).toBe(0.25);
    expect(jainIndex([1, 2, 3])).toBeCloseTo(36 / 42, 12);
  });
  it('against weights; weight 0 has no part in it', () => {
    expect(jainIndex([100, 300, 0], [1, 3, 0])).toBe(1);
    expect(jainIndex([200, 200], [1, 3])).toBeCloseTo(0.8, 12);
  });
  it('refuses what was not shared out', () => {
    expect(() => jainIndex([0, 0])).toThrow('nothing was shared out');
    expect(() => jainIndex([1, -1])).toThrow('below 0');
    expect(() => jainIndex([1], [1, 2])).toThrow('1 amounts, but 2 weights');
  });
});

describe('chi-square goodness of fit', () => {
  it('on known values', () => {
    const dice = goodnessOfFit([16, 18, 16, 14, 12, 12], [1, 1, 1, 1, 1, 1]);
    expect(dice).toMatchObject({ degrees: 5 });
    expect(dice.statistic).toBeCloseTo(2, 12);
    expect(dice.p).toBeCloseTo(0.8491450360846096, 12);
    expect(goodnessOfFit([190, 310, 100], [2, 3, 1])).toMatchObject({ degrees: 2, smallestExpected: 100 });
    expect(goodnessOfFit([190, 310, 100], [2, 3, 1]).p).toBeCloseTo(Math.exp(-0.8333333333333333 / 2), 12);
  });
  it('a count where none belongs is impossible, no count there is as it should be', () => {
    expect(goodnessOfFit([50, 50, 1], [1, 1, 0]).p).toBe(0);
    expect(goodnessOfFit([50, 50, 0], [1, 1, 0])).toMatchObject({ degrees: 1, p: 1 });
  });
  it('rejects true weights about as often as it says, and sees wrong ones', () => {
    const random = randomFrom(11);
    const rejected = (first: number): number =>
      Array.from({ length: 1000 }, () => {
        const counts = [0, 0, 0];
        for (let i = 0; i < 300; i++) {
          const at = random.unit() < first ? 0 : 1 + random.below(2);
          counts[at] = (counts[at] ?? 0) + 1;
        }
        return goodnessOfFit(counts, [1, 1, 1]).p;
      }).filter((p) => p <= 0.05).length;
    expect(Math.abs(rejected(1 / 3) - 50)).toBeLessThan(22);
    expect(rejected(0.5)).toBeGreaterThan(990);
  });
  it('refuses what cannot be tested', () => {
    expect(() => goodnessOfFit([0, 0], [1, 1])).toThrow('needs counts');
    expect(() => goodnessOfFit([5, 5], [1, 0])).toThrow('two weights above 0');
    expect(() => goodnessOfFit([5], [1, 1])).toThrow('1 counts, but 2 weights');
  });
});
