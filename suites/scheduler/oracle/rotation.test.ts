import { describe, expect, test } from 'vitest';
import {
  greatestCommonDivisor,
  leavesCycle,
  nextInTurn,
  repeats,
  shares,
  weightedPeriod,
  wrongWindow,
} from './rotation.ts';

describe('rr', () => {
  const order = ['rs3', 'rs2', 'rs1'];
  test('a cycle may start anywhere', () => {
    expect(leavesCycle(['rs2', 'rs1', 'rs3', 'rs2'], order)).toBeUndefined();
  });
  test('the first deviation is named', () => {
    expect(leavesCycle(['rs2', 'rs1', 'rs3', 'rs3'], order)).toBe(3);
  });
  test('a server that is not in the table is a deviation at once', () => {
    expect(leavesCycle(['rs9', 'rs1'], order)).toBe(0);
  });
});

describe('wrr', () => {
  const servers = [
    { name: 'rs1', weight: 1 },
    { name: 'rs2', weight: 2 },
    { name: 'rs3', weight: 3 },
  ];
  test('the sequence recorded from a live director for weights 1, 2, 3 is right in every window', () => {
    const recorded = ['rs3', 'rs3', 'rs2', 'rs3', 'rs2', 'rs1', 'rs3', 'rs3', 'rs2', 'rs3', 'rs2', 'rs1'];
    expect(wrongWindow(recorded, servers)).toBeUndefined();
  });
  test('plain rotation is not', () => {
    const rotation = ['rs3', 'rs2', 'rs1', 'rs3', 'rs2', 'rs1'];
    expect(wrongWindow(rotation, servers)).toEqual({ start: 0, got: [2, 2, 2], expected: [1, 2, 3] });
  });
  test('weights share their divisor', () => {
    expect(greatestCommonDivisor([4, 2, 6])).toBe(2);
    const doubled = servers.map((server) => ({ ...server, weight: server.weight * 2 }));
    expect(wrongWindow(['rs3', 'rs3', 'rs2', 'rs3', 'rs2', 'rs1'], doubled)).toBeUndefined();
  });
  test('fewer choices than a window prove nothing and find nothing', () => {
    expect(wrongWindow(['rs3'], servers)).toBeUndefined();
    expect(shares(['rs3', 'rs3', 'rs1'], ['rs1', 'rs2', 'rs3'])).toEqual([1, 0, 2]);
  });
});

describe('the period of wrr', () => {
  const inOrder = [
    { name: 'rs3', weight: 3 },
    { name: 'rs2', weight: 2 },
    { name: 'rs1', weight: 1 },
  ];
  test('is what a live director did for weights 1, 2, 3', () => {
    expect(weightedPeriod(inOrder)).toEqual(['rs3', 'rs3', 'rs2', 'rs3', 'rs2', 'rs1']);
  });
  test('steps down by the divisor', () => {
    const doubled = inOrder.map((server) => ({ ...server, weight: 2 * server.weight }));
    expect(weightedPeriod(doubled)).toEqual(weightedPeriod(inOrder));
  });
  test('may be entered anywhere, but not left', () => {
    const period = weightedPeriod(inOrder);
    expect(repeats(['rs2', 'rs1', 'rs3', 'rs3', 'rs2', 'rs3', 'rs2'], period)).toBe(true);
    expect(repeats(['rs1', 'rs2', 'rs3'], period)).toBe(false);
  });
});

describe('the turn after a change of the table', () => {
  test('goes on in the list', () =>
    expect(nextInTurn('rs2', ['rs3', 'rs2', 'rs1'], ['rs3', 'rs2'])).toBe('rs3'));
  test('passes to the one after a server that is gone', () =>
    expect(nextInTurn('rs2', ['rs3', 'rs2', 'rs1'], ['rs3', 'rs1'])).toBe('rs1'));
  test('reaches a new one, which heads the list, in the same round', () =>
    expect(nextInTurn('rs1', ['rs2', 'rs1'], ['rs3', 'rs2', 'rs1'])).toBe('rs3'));
});
