/** How likely a deviation this large is by chance. */

/**
 * Pearson's statistic against expected shares.
 * @param shares sum to 1. @returns Σ (seen − expected)² / expected.
 */
export function chiSquare(seen: number[], shares: number[]): number {
  const n = seen.reduce((sum, one) => sum + one, 0);
  return seen.reduce((sum, one, i) => sum + (one - n * (shares[i] ?? 0)) ** 2 / (n * (shares[i] ?? 0)), 0);
}

/**
 * Probability that χ² with `degrees` of freedom is larger, for an even number of degrees: there it is a finite sum,
 * Abramowitz and Stegun, 26.4.5.
 */
export function upperTail(statistic: number, degrees: number): number {
  if (degrees % 2 !== 0 || degrees < 2) throw new Error(`only for an even number of degrees, not ${degrees}`);
  const half = statistic / 2;
  let term = 1;
  let sum = 1;
  for (let k = 1; k < degrees / 2; k++) {
    term *= half / k;
    sum += term;
  }
  return Math.exp(-half) * sum;
}

/**
 * Wald and Wolfowitz, for `one` against all others: how many standard deviations the number of runs is away from what
 * chance gives. Far below 0: it clings; far above: it alternates.
 */
export function runsDeviation(seen: string[], one: string): number {
  const is = seen.map((name) => name === one);
  const runs = is.filter((value, i) => i === 0 || value !== is[i - 1]).length;
  const a = is.filter(Boolean).length;
  const b = is.length - a;
  const n = a + b;
  const mean = 1 + (2 * a * b) / n;
  const variance = ((mean - 1) * (mean - 2)) / (n - 1);
  return variance > 0 ? (runs - mean) / Math.sqrt(variance) : 0;
}
