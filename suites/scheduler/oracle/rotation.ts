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

/**
 * Linux ip_vs_wrr.c: rounds over the list, each at a lower bar, from the largest weight down by the divisor; who
 * reaches the bar gets one connection. Where in it a director stands depends on what was added and edited when.
 * @param servers in the kernel's order. @returns the names of one period, Σw/gcd long.
 */
export function weightedPeriod(servers: WeightedServer[]): string[] {
  const weights = servers.map((server) => server.weight);
  const gcd = greatestCommonDivisor(weights);
  const period: string[] = [];
  for (let bar = Math.max(0, ...weights); gcd > 0 && bar > 0; bar -= gcd)
    period.push(...servers.filter(({ weight }) => weight >= bar).map(({ name }) => name));
  return period;
}

/** @returns whether `seen` is a part of the endless repetition of `period`, from wherever it starts. */
export const repeats = (seen: string[], period: string[]): boolean =>
  period.some((_, start) => seen.every((name, i) => name === period[(start + i) % period.length]));

/**
 * Linux ip_vs_rr.c: whose turn it is after `last`, when the table has changed from `before` to `now` since. The turn
 * of a server that was removed passes to the one that followed it.
 */
export function nextInTurn(last: string, before: string[], now: string[]): string | undefined {
  if (now.includes(last)) return now[(now.indexOf(last) + 1) % now.length];
  const after = before.slice(before.indexOf(last) + 1);
  return after.find((name) => now.includes(name)) ?? now[0];
}
