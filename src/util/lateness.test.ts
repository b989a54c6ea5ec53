import { expect, it } from 'vitest';
import { Lateness } from './lateness.ts';

const busyMs = 400;
const keepBusy = (): void => {
  const untilMs = performance.now() + busyMs;
  while (performance.now() < untilMs);
};

it('does not count what the thread that asks computes', async () => {
  const lateness = await Lateness.start();
  keepBusy();
  const lateMs = await lateness.stop();
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(busyMs);
});

it('goes on for who still asks when the one who came first has gone', async () => {
  const first = await Lateness.start();
  const second = await Lateness.start();
  await first.stop();
  const third = await Lateness.start();
  for (const one of [second, third]) expect(await one.stop()).toBeGreaterThanOrEqual(0);
});
