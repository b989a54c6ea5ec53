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
