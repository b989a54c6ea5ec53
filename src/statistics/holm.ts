/**
 * Holm's correction for several tests at once: an adjusted p of at most α is significant, and the probability of even
 * one false finding among them all stays at most α. Holm, Scandinavian Journal of Statistics 6 (1979).
 * @returns the adjusted p-values in the order given
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, at) => ({ p, at })).sort((a, b) => a.p - b.p);
  const adjusted = pValues.map(() => 1);
  let largest = 0;
  for (const [rank, { p, at }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
    adjusted[at] = largest;
  }
  return adjusted;
}
