import { expect, it } from 'vitest';
import { trusted } from './check.ts';

it('takes a failure for what it is on a quiet machine, and for nothing on a busy one', () => {
  const failed = {
    verdict: 'fail',
    seen: 'an outage of 1750 ms',
    cause: 'no rules',
    remedy: [{ on: 'd1', run: 'ipvsadm -Ln' }],
  } satisfies Parameters<typeof trusted>[0];
  expect(trusted(failed, 90)).toEqual({ ...failed, timersLateMs: 90 });
  expect(trusted(failed, undefined)).toEqual(failed);
  const doubtful = trusted(failed, 460);
  expect(doubtful).toMatchObject({
    verdict: 'inconclusive',
    reason: 'the machine was busy, timers were up to 460 ms late: an outage of 1750 ms',
    remedy: [{ advice: expect.stringContaining('virtual time') }],
  });
  expect(doubtful).not.toHaveProperty('cause');
});

it('goes by how late the judge says that timers may be', () => {
  expect(trusted({ verdict: 'fail', toleratesLateMs: 100 }, 120).verdict).toBe('inconclusive');
  expect(trusted({ verdict: 'fail', toleratesLateMs: 1_000 }, 460)).toEqual({
    verdict: 'fail',
    timersLateMs: 460,
  });
});

it('leaves what held, and what broke, as it is', () => {
  for (const verdict of ['pass', 'broken', 'inconclusive', 'unsupported'] as const)
    expect(trusted({ verdict }, 460).verdict).toBe(verdict);
});
