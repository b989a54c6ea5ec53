import { describe, expect, it } from 'vitest';
import { faultProblem } from '../../model/fault.ts';
import { scheduleOf } from './generate.ts';
import { bounds, names, pair } from './testing/observations.ts';
import { directorsIn, serverIn } from './windows.ts';

const drawing = { spec: pair, bounds };
const directors = [names.d1, names.d2];
const seeds = Array.from({ length: 300 }, (_, i) => i);
const all = seeds.map((seed) => scheduleOf(seed, drawing));

it('gives the same for the same seed, and other schedules for others', () => {
  expect(seeds.map((seed) => scheduleOf(seed, drawing))).toEqual(all);
  expect(new Set(all.map(({ faults }) => JSON.stringify(faults))).size).toBeGreaterThan(280);
});

it('draws from one to three faults, in order, that make sense and end', () => {
  expect(new Set(all.map(({ faults }) => faults.length))).toEqual(new Set([1, 2, 3]));
  for (const { faults } of all) {
    expect(faults).toEqual(faults.toSorted((a, b) => a.beginMs - b.beginMs));
    for (const { fault, beginMs, durationMs } of faults) {
      expect(faultProblem(fault, pair)).toBeUndefined();
      expect(durationMs).toBeGreaterThan(0);
      expect(beginMs + durationMs).toBeLessThanOrEqual(14_000);
    }
  }
});

it('draws every kind that can be healed, and none that cannot', () => {
  const kinds = new Set(all.flatMap(({ faults }) => faults.map(({ fault }) => fault.kind)));
  expect([...kinds].sort()).toEqual(
    'clockStep daemon errorAnswers flap hang loss partition portDown powerOff rogueRouter serviceDead slowAnswers'.split(
      ' ',
    ),
  );
});

describe('the lab can heal', () => {
  const touching = (of: 'director' | 'server') =>
    all.map(({ faults }) =>
      faults.filter(({ fault }) =>
        of === 'server'
          ? serverIn(fault, directors) !== undefined
          : serverIn(fault, directors) === undefined || directorsIn(fault, directors).length > 0,
      ),
    );

  it.each([
    ['director', bounds.readyMs],
    ['server', bounds.returnMs],
  ] as const)('one %s at a time, with a pause to come back', (of, pauseMs) => {
    for (const own of touching(of))
      own.slice(1).forEach((next, i) => {
        const before = own[i];
        const endMs = (before?.beginMs ?? 0) + (before?.durationMs ?? 0);
        expect(next.beginMs - endMs).toBeGreaterThanOrEqual(pauseMs);
      });
  });
});

it('leaves out what is unavailable, and still draws something', () => {
  for (const seed of seeds) {
    const { faults } = scheduleOf(seed, { ...drawing, without: ['clockStep', 'rogueRouter', 'daemon'] });
    expect(faults.length).toBeGreaterThan(0);
    for (const { fault } of faults) expect(['clockStep', 'rogueRouter', 'daemon']).not.toContain(fault.kind);
  }
});
