/**
 * Ranks from 1 in the order given; equal values share the mean of theirs (midranks).
 * Hollander, Wolfe and Chicken, «Nonparametric Statistical Methods», 3.1.
 * @returns the ranks, and how many values each group of equal ones has (1 for those alone)
 */
export function midranks(values: readonly number[]): { ranks: number[]; ties: number[] } {
  const order = values.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const ranks = values.map(() => 0);
  const ties: number[] = [];
  for (let start = 0; start < order.length; start += ties.at(-1) ?? 1) {
    const group = order.slice(start).findIndex(({ value }) => value !== order[start]?.value);
    const size = group === -1 ? order.length - start : group;
    for (const { at } of order.slice(start, start + size)) ranks[at] = start + (size + 1) / 2;
    ties.push(size);
  }
  return { ranks, ties };
}
