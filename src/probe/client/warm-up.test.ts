import { expect, it } from 'vitest';
import type { StreamPlan } from './types.ts';
import { type WarmUp, warmedUp } from './warm-up.ts';

const target = { ip: '198.18.0.100', port: 80 };
const plans: StreamPlan[] = [{ name: 'new', kind: 'connect', target, rateHz: 40, timeoutMs: 1_000 }];

/** A prober whose warm-ups take half a second each and go as `behave` says. */
async function outcome(behave: (rateHz: number, elapsedMs: number) => WarmUp) {
  let nowMs = 0;
  let runs = 0;
  const run = async ([plan]: StreamPlan[]) => {
    runs += 1;
    nowMs += 500;
    return behave(plan?.rateHz ?? 0, nowMs);
  };
  const [plan] = await warmedUp(plans, run, () => nowMs);
  return { rateHz: plan?.rateHz, runs };
}

const fine = { scheduleLagP99Ms: 3, achievedRatio: 1, ownCpu: 0.1 };

it('warms up once where the prober keeps up', async () => {
  expect(await outcome(() => fine)).toEqual({ rateHz: 40, runs: 1 });
});

it('waits for a prober that is slow only at first', async () => {
  const warming = { ...fine, scheduleLagP99Ms: 400, ownCpu: 1 };
  expect(await outcome((_, elapsedMs) => (elapsedMs < 1_800 ? warming : fine))).toEqual({
    rateHz: 40,
    runs: 4,
  });
});

it('believes a busy prober when it keeps up twice in a row', async () => {
  const wavering = [true, false, true, true].map((good) => ({
    ...fine,
    ownCpu: 0.5,
    achievedRatio: good ? 1 : 0.9,
  }));
  expect(await outcome((_, elapsedMs) => wavering[elapsedMs / 500 - 1] ?? fine)).toEqual({
    rateHz: 40,
    runs: 4,
  });
});

it('slows the streams down where the prober has no CPU left', async () => {
  const busy = (rateHz: number) => ({ ...fine, ownCpu: Math.min(1, rateHz / 25) });
  expect(await outcome(busy)).toEqual({ rateHz: 10, runs: 14 });
});

it('keeps the rate where lateness has another reason', async () => {
  expect(await outcome(() => ({ ...fine, scheduleLagP99Ms: 300 }))).toEqual({ rateHz: 40, runs: 6 });
});

it('goes on at a quarter of the rate at the least', async () => {
  expect((await outcome(() => ({ ...fine, ownCpu: 1 }))).rateHz).toBe(10);
});
