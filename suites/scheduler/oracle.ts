/** What a deterministic scheduler must do, as pure functions over the sequence of real servers that answered. */

/** @returns the first index at which `seen` leaves the cycle `order`, wherever in it it starts; undefined: never. */
export function leavesCycle(seen: string[], order: string[]): number | undefined {
  const start = order.indexOf(seen[0] ?? '');
  if (start < 0) return 0;
  const index = seen.findIndex((name, i) => name !== order[(start + i) % order.length]);
  return index < 0 ? undefined : index;
}

export function greatestCommonDivisor(numbers: number[]): number {
  return numbers.reduce((a, b) => {
    let [x, y] = [a, b];
    while (y > 0) [x, y] = [y, x % y];
    return x;
  }, 0);
}

/** How often each name of `names` occurs in `seen`. */
export function shares(seen: string[], names: string[]): number[] {
  return names.map((name) => seen.filter((one) => one === name).length);
}

export interface WeightedServer {
  name: string;
  weight: number;
}

/**
 * Linux ip_vs_wrr.c: in every window of Σw/gcd consecutive choices a server of weight w is chosen w/gcd times.
 * @returns the first window that is wrong, or undefined.
 */
export function wrongWindow(
  seen: string[],
  servers: WeightedServer[],
): { start: number; got: number[]; expected: number[] } | undefined {
  const weights = servers.map((server) => server.weight);
  const gcd = greatestCommonDivisor(weights);
  const expected = weights.map((weight) => weight / gcd);
  const size = expected.reduce((sum, n) => sum + n, 0);
  const names = servers.map((server) => server.name);
  for (let start = 0; start + size <= seen.length; start++) {
    const got = shares(seen.slice(start, start + size), names);
    if (got.some((n, i) => n !== expected[i])) return { start, got, expected };
  }
  return undefined;
}
