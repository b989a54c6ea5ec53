import { upperGamma } from './gamma.ts';

export interface GoodnessOfFit {
  statistic: number;
  degrees: number;
  /** Probability of a statistic at least this large where the shares are as expected. */
  p: number;
  /** Below about 5 the p-value is rough: Cochran, Biometrics 10 (1954). */
  smallestExpected: number;
}

/**
 * Pearson's chi-square test: do counts follow the weights? Pearson, Philosophical Magazine 50 (1900).
 * It takes each count for an independent draw; a scheduler that takes turns fits better than chance (p near 1).
 * @param weights in any unit; one of 0 expects none, and a count there makes p 0
 * @throws {RangeError} without counts, or with fewer than two weights above 0
 */
export function goodnessOfFit(counts: readonly number[], weights: readonly number[]): GoodnessOfFit {
  if (counts.length !== weights.length)
    throw new RangeError(`${counts.length} counts, but ${weights.length} weights`);
  const n = counts.reduce((sum, one) => sum + one, 0);
  const whole = weights.reduce((sum, one) => sum + one, 0);
  const cells = counts
    .map((count, i) => ({ count, expected: (n * (weights[i] ?? 0)) / whole }))
    .filter(({ count, expected }) => count > 0 || expected > 0);
  const degrees = weights.filter((weight) => weight > 0).length - 1;
  if (!(n > 0) || degrees < 1) throw new RangeError('a test of shares needs counts and two weights above 0');
  const statistic = cells.reduce((sum, { count, expected }) => sum + (count - expected) ** 2 / expected, 0);
  return {
    statistic,
    degrees,
    p: upperGamma(degrees / 2, statistic / 2),
    smallestExpected: Math.min(...cells.map(({ expected }) => expected).filter((one) => one > 0)),
  };
}
