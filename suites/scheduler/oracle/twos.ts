import { overhead } from './least.ts';
import { available, type Choose, type Server } from './server.ts';

/**
 * twos: the power of two choices. Two weighted random picks; the second wins only if it is strictly less loaded for
 * its weight. Linux ip_vs_twos.c, which draws from 0 to W with both ends, so that the first in the list has one more.
 */

/** @param random uniform in [0, 1). */
export function powerOfTwo(random: () => number): Choose {
  return (servers) => {
    const candidates = servers.filter(available);
    const draw = () => picked(candidates, Math.floor(random() * (total(candidates) + 1)));
    const first = draw();
    const second = draw();
    if (!first || !second) return undefined;
    return second.weight * overhead(first) > first.weight * overhead(second) ? second : first;
  };
}

const total = (servers: readonly Server[]): number => servers.reduce((sum, { weight }) => sum + weight, 0);

function picked(servers: readonly Server[], drawn: number): Server | undefined {
  let left = drawn;
  return servers.find(({ weight }) => {
    left -= weight;
    return left <= 0;
  });
}

/** While loads tie, as they do with one-packet scheduling, the first pick stands: (w + 1 for the first) / (W + 1). */
export const tiedShares = (servers: readonly Server[]): number[] =>
  servers.map(({ weight }, i) => (weight + (i === 0 ? 1 : 0)) / (total(servers) + 1));
