import { describe, expect, test } from 'vitest';
import {
  failover,
  leastBy,
  leastConnections,
  neverQueue,
  overflow,
  overheadByTotal,
  shortestExpectedDelay,
  weightedLeastBy,
  weightedLeastConnections,
} from './least.ts';
import { localityBased, replicated } from './locality.ts';
import { type Choose, replay, type Server } from './server.ts';

const servers = (...weights: number[]): Server[] =>
  weights.map((weight, i) => {
    const n = weights.length - i;
    return { name: `rs${n}`, ip: `198.18.1.${n}`, weight, active: 0, inactive: 0 };
  });
const held = (choose: Choose, list: Server[], count: number) =>
  replay(choose, list, count)
    .names.map((name) => name.replace('rs', ''))
    .join(' ');
const counts = (choose: Choose, list: Server[], count: number) =>
  replay(choose, list, count).after.map(({ active }) => active);

/** Sequences from live directors: rs1, rs2, rs3 with weights 1, 2, 3, the last one added first. */
describe('held connections', () => {
  test('lc', () => expect(counts(leastConnections, servers(3, 2, 1), 12)).toEqual([4, 4, 4]));
  test('wlc', () => expect(counts(weightedLeastConnections, servers(3, 2, 1), 12)).toEqual([6, 4, 2]));
  test('sed', () =>
    expect(held(shortestExpectedDelay, servers(3, 2, 1), 12)).toBe('3 2 3 3 2 1 3 2 3 3 2 1'));
  test('nq', () => expect(held(neverQueue, servers(3, 2, 1), 6)).toBe('3 2 1 3 3 2'));
  test('fo', () => expect(held(failover, servers(3, 2, 1), 3)).toBe('3 3 3'));
  test('fo without the first', () => expect(held(failover, servers(0, 2, 1), 3)).toBe('2 2 2'));
  test('ovf', () => {
    expect(held(overflow, servers(3, 2, 1), 12)).toBe('3 3 3 3 2 2 2 1 1 refused refused refused');
  });
  test('lblc with weights 2', () =>
    expect(held(localityBased(), servers(2, 2, 2), 9)).toBe('3 3 3 2 2 2 1 1 1'));
  test('lblcr with weights 2', () =>
    expect(held(replicated().choose, servers(2, 2, 2), 9)).toBe('3 3 3 2 2 2 1 1 1'));
});

describe('connections that never count as active', () => {
  const udp = (choose: Choose) => replay(choose, servers(3, 2, 1), 9, 'inactive').names;
  test('sed and nq send all of them to one server', () => {
    expect(new Set(udp(shortestExpectedDelay))).toEqual(new Set(['rs3']));
    expect(new Set(udp(neverQueue))).toEqual(new Set(['rs3']));
  });
  test('lc still sees that they are there', () =>
    expect(udp(leastConnections).slice(0, 6)).toEqual(['rs3', 'rs2', 'rs1', 'rs3', 'rs2', 'rs1']));
});

describe('nobody gets what nobody may have', () => {
  const all: Record<string, () => Choose> = {
    lc: () => leastConnections,
    wlc: () => weightedLeastConnections,
    sed: () => shortestExpectedDelay,
    nq: () => neverQueue,
    fo: () => failover,
    ovf: () => overflow,
    lblc: () => localityBased(),
    lblcr: () => replicated().choose,
  };
  test.each(Object.entries(all))('%s skips weight 0 and overload', (_, make) => {
    const [a, b, c] = servers(0, 2, 1);
    if (!a || !b || !c) throw new Error('three servers');
    expect(replay(make(), [a, { ...b, overloaded: true }, c], 1).names).toEqual(['rs1']);
    expect(replay(make(), servers(0, 0), 1).names).toEqual(['refused']);
  });
});

describe('the two formulas of overhead', () => {
  test('give the same sequences for what our checks do', () => {
    const closed = servers(3, 2, 1).map((one, i) => ({
      ...one,
      active: i === 1 ? 0 : 4,
      inactive: i === 1 ? 4 : 0,
    }));
    for (const start of [servers(3, 2, 1), closed]) {
      expect(held(leastBy(overheadByTotal), start, 12)).toBe(held(leastConnections, start, 12));
      expect(held(weightedLeastBy(overheadByTotal), start, 12)).toBe(
        held(weightedLeastConnections, start, 12),
      );
    }
  });
  test('differ at the 257th inactive connection beside one active: 6.1.176 went to the first', () => {
    const [busy, idle] = servers(1, 1);
    if (!busy || !idle) throw new Error('two servers');
    const list = [{ ...busy, active: 1 }, idle];
    const closed = (choose: Choose) => replay(choose, list, 262, 'inactive').names.indexOf('rs2');
    expect(closed(leastConnections)).toBe(256);
    expect(closed(leastBy(overheadByTotal))).toBe(257);
  });
});

describe('an upper threshold of 2', () => {
  const limited = servers(3, 2, 1).map((server) => ({ ...server, upper: 2 }));
  test('holds with wlc', () => expect(counts(weightedLeastConnections, limited, 7)).toEqual([2, 2, 2]));
  test('does not hold for the server that lblc has cached: a live director did so', () =>
    expect(held(localityBased(), limited, 7)).toBe('3 3 3 3 2 2 2'));
});

describe('lblcr', () => {
  test('forgets the busiest of the set, and an only one never', () => {
    const { choose, prune, set } = replicated();
    const { after } = replay(choose, servers(2, 2, 2), 9);
    expect(set).toEqual(['rs1', 'rs2', 'rs3']);
    const loads = after.map((server, i) => ({ ...server, active: i }));
    prune(loads);
    expect(set).toEqual(['rs2', 'rs3']);
    prune(loads);
    prune(loads);
    expect(set).toEqual(['rs3']);
  });
});
