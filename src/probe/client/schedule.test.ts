import { describe, expect, it } from 'vitest';
import { plannedBefore, scheduleOf } from './schedule.ts';

function timesOf(plan: Parameters<typeof scheduleOf>[0], count: number): number[] {
  const schedule = scheduleOf(plan);
  return Array.from({ length: count }, () => {
    const { dueMs } = schedule;
    schedule.take();
    return dueMs;
  });
}

describe('scheduleOf', () => {
  it('is even unless told otherwise, without adding up errors', () => {
    const times = timesOf({ name: 'a', rateHz: 300 }, 3001);
    expect(times.slice(0, 2)).toEqual([0, 1000 / 300]);
    expect(times[3000]).toBe(10_000);
  });

  it('draws exponential gaps of the same mean', () => {
    const times = timesOf({ name: 'a', rateHz: 100, schedule: 'poisson', seed: 1 }, 20_000);
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(mean).toBeGreaterThan(9.8);
    expect(mean).toBeLessThan(10.2);
    // Of exponential gaps exp(-1) are longer than the mean.
    const longer = gaps.filter((gap) => gap > 10).length / gaps.length;
    expect(Math.abs(longer - Math.exp(-1))).toBeLessThan(0.02);
  });

  it('is the same for the same seed and name only', () => {
    const plan = { name: 'a', rateHz: 100, schedule: 'poisson' as const, seed: 1 };
    expect(timesOf(plan, 5)).toEqual(timesOf(plan, 5));
    expect(timesOf(plan, 5)).not.toEqual(timesOf({ ...plan, seed: 2 }, 5));
    expect(timesOf(plan, 5)).not.toEqual(timesOf({ ...plan, name: 'b' }, 5));
  });

  it('stands still between bursts', () => {
    const burst = { onMs: 30, offMs: 70 };
    expect(timesOf({ name: 'a', rateHz: 100, burst }, 7)).toEqual([0, 10, 20, 100, 110, 120, 200]);
    const drawn = timesOf({ name: 'a', rateHz: 1000, schedule: 'poisson', burst }, 500);
    expect(drawn.every((time) => time % 100 < 30)).toBe(true);
  });

  it('counts what was planned before a moment', () => {
    expect(plannedBefore(1000, { name: 'a', rateHz: 100 })).toBe(100);
    expect(plannedBefore(0, { name: 'a', rateHz: 100 })).toBe(0);
  });
});
