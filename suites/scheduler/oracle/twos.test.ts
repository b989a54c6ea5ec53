import { expect, test } from 'vitest';
import { goodnessOfFit } from '../../../src/statistics/chi-square.ts';
import { runsDeviation } from './runs.ts';
import type { Server } from './server.ts';
import { powerOfTwo, tiedShares } from './twos.ts';

/** Small, seeded, good enough to draw weights: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const servers: Server[] = [3, 2, 1].map((weight) => {
  return { name: `rs${weight}`, ip: `198.18.1.${weight}`, weight, active: 0, inactive: 0 };
});
const arrival = { srcIp: '198.18.0.1', srcPort: 1, dstIp: '198.18.0.100' };

test('runs: alternating is far above chance, clinging far below', () => {
  const alternating = Array.from({ length: 100 }, (_, i) => (i % 2 ? 'a' : 'b'));
  const clinging = Array.from({ length: 100 }, (_, i) => (i < 50 ? 'a' : 'b'));
  expect(runsDeviation(alternating, 'a')).toBeGreaterThan(9);
  expect(runsDeviation(clinging, 'a')).toBeLessThan(-9);
});

test('tied loads give the first in the list one share more', () => {
  expect(tiedShares(servers)).toEqual([4 / 7, 2 / 7, 1 / 7]);
  const choose = powerOfTwo(generator(1));
  const seen = Array.from({ length: 7000 }, () => choose(servers, arrival)?.name);
  const counts = servers.map(({ name }) => seen.filter((one) => one === name).length);
  expect(goodnessOfFit(counts, tiedShares(servers)).p).toBeGreaterThan(1e-3);
});

test('a busy server loses to an idle one when both are drawn', () => {
  const busy = servers.map((server) => ({ ...server, active: server.name === 'rs3' ? 30 : 0 }));
  const choose = powerOfTwo(generator(2));
  const seen = Array.from({ length: 7000 }, () => choose(busy, arrival)?.name);
  const share = seen.filter((name) => name === 'rs3').length / seen.length;
  expect(share).toBeCloseTo((4 / 7) ** 2, 1);
});
