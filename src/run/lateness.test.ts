import { expect, it } from 'vitest';
import { trusted } from './check.ts';
import { Lateness } from './lateness.ts';

it('does not count what the thread that asks computes', async () => {
  const busyMs = 400;
  const lateness = await Lateness.start();
  const untilMs = performance.now() + busyMs;
  while (performance.now() < untilMs);
  const lateMs = await lateness.stop();
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(busyMs);
});

it('takes a failure for what it is on a quiet machine, and for nothing on a busy one', () => {
  const failed = {
    verdict: 'fail',
    seen: 'an outage of 1750 ms',
    cause: 'no rules',
    remedy: 'ipvsadm',
  } as const;
  expect(trusted(failed, 90)).toEqual({ ...failed, timersLateMs: 90 });
  expect(trusted(failed, undefined)).toEqual(failed);
  const doubtful = trusted(failed, 460);
  expect(doubtful).toMatchObject({
    verdict: 'inconclusive',
    reason: 'the machine was busy, timers were up to 460 ms late: an outage of 1750 ms',
    remedy: expect.stringContaining('virtual time'),
  });
  expect(doubtful).not.toHaveProperty('cause');
});

it('leaves what held, and what broke, as it is', () => {
  for (const verdict of ['pass', 'broken', 'inconclusive', 'unsupported'] as const)
    expect(trusted({ verdict }, 460).verdict).toBe(verdict);
});
