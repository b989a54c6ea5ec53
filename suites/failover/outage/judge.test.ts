import { expect, it } from 'vitest';
import type { Judgement } from '../../../src/model/check.ts';
import { failsUpToMs, unfitFor } from './fitness.ts';
import { judgeOutage } from './judge.ts';

const failure: Judgement = { verdict: 'fail', expected: 'an outage of 1 s', seen: 'an outage of 4 s' };
const asked = { expected: 'an outage of 1 s', load: 'none', slackMs: 700, verdict: () => failure } as const;

it('asks for the verdict last', () => {
  const never = () => {
    throw new Error('asked for a verdict');
  };
  const fault = { happened: false, sentence: 'the link was up' };
  expect(judgeOutage({ ...asked, verdict: never, fault, lateMs: 9_000 }).seen).toBe('the link was up');
  expect(judgeOutage({ ...asked, verdict: never, lateMs: 9_000 })).toMatchObject({
    verdict: 'inconclusive',
    seen: expect.stringContaining('timers were 9000 ms late'),
  });
  expect(judgeOutage({ ...asked, verdict: never, load: undefined, title: '' }).seen).toBe(
    'the load did not run',
  );
});

it('lets a failure stand on a quiet machine, and not where the machine could have made it', () => {
  expect(judgeOutage({ ...asked, lateMs: 90 })).toMatchObject(failure);
  expect(judgeOutage({ ...asked, lateMs: 400 })).toMatchObject({
    verdict: 'inconclusive',
    seen: 'timers were 400 ms late: an outage of 4 s',
  });
});

it('lets what held all the same hold', () => {
  const pass: Judgement = { ...failure, verdict: 'pass' };
  expect(judgeOutage({ ...asked, verdict: () => pass, lateMs: 400 })).toMatchObject(pass);
});

it('allows timers to be later where more time is judged', () => {
  expect([100, 500, 700, 4_000].map(failsUpToMs)).toEqual([100, 150, 175, 1_000]);
});

it('says each way in which an instrument is unfit', () => {
  const health = {
    ok: false,
    reasons: [],
    scheduleLagP99Ms: 60,
    achievedRatio: 0.9,
    ownCpu: 0.1,
    steal: 0,
    portsLeft: 1,
    drops: 0,
  };
  const points = [{ seq: 0, tMs: 0, latencyMs: null, error: 'local-port' }];
  expect(unfitFor({ health, streams: [{ name: 'new connections', points }], lateMs: 101 }, 100)).toEqual([
    'timers were 101 ms late',
    'probes were sent 60 ms late (p99)',
    'only 90.0 % of the probes were sent in time',
    'new connections found no free local port',
  ]);
  expect(unfitFor({ health, lateMs: 101 }, 200, 0.5)).toEqual([]);
});
