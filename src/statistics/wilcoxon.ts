import { twoSidedNormal } from './normal.ts';
import { midranks } from './ranks.ts';

export interface RankTest {
  /** Differences that are not 0. */
  n: number;
  /** Sum of the ranks of the positive differences. */
  positive: number;
  /** Two-sided. */
  p: number;
  /** The distribution was counted out; otherwise the normal approximation. */
  exact: boolean;
}

/** Counting out costs n³ steps: 50 differences are done at once. */
const countedUpTo = 50;

/**
 * Wilcoxon's signed-rank test: are paired differences symmetric round 0? Differences of 0 are dropped and equal ones
 * share ranks; the exact distribution is that of these very ranks under all 2ⁿ signs, so ties leave it exact.
 * Above 50 differences the normal approximation with corrections for ties and continuity.
 * Wilcoxon, Biometrics Bulletin 1 (1945); Hollander, Wolfe and Chicken, «Nonparametric Statistical Methods», 3.1.
 * @throws {RangeError} for a difference that is not a number
 */
export function signedRankTest(differences: readonly number[]): RankTest {
  if (differences.some(Number.isNaN)) throw new RangeError('a difference is not a number');
  const kept = differences.filter((one) => one !== 0);
  const { ranks, ties } = midranks(kept.map(Math.abs));
  const positive = ranks.reduce((sum, rank, i) => sum + ((kept[i] ?? 0) > 0 ? rank : 0), 0);
  const n = kept.length;
  const exact = n <= countedUpTo;
  const p = exact ? counted(ranks, positive) : approximated(n, ties, positive);
  return { n, positive, p, exact };
}

/** Doubled, midranks are whole: `ways[s]` is the share of sign patterns whose doubled positive ranks add up to s. */
function counted(ranks: readonly number[], positive: number): number {
  const total = ranks.reduce((sum, rank) => sum + 2 * rank, 0);
  let ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    const next = new Float64Array(total + 1);
    for (const [sum, share] of ways.entries()) {
      if (share === 0) continue;
      next[sum] = (next[sum] ?? 0) + share / 2;
      next[sum + 2 * rank] = (next[sum + 2 * rank] ?? 0) + share / 2;
    }
    ways = next;
  }
  const far = Math.max(2 * positive, total - 2 * positive);
  const tail = ways.reduce((sum, share, at) => (at >= far ? sum + share : sum), 0);
  return Math.min(1, 2 * tail);
}

function approximated(n: number, ties: readonly number[], positive: number): number {
  const mean = (n * (n + 1)) / 4;
  const tied = ties.reduce((sum, t) => sum + t ** 3 - t, 0);
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tied / 48;
  return twoSidedNormal(Math.max(0, Math.abs(positive - mean) - 0.5) / Math.sqrt(variance));
}
