import { describe, expect, it } from 'vitest';
import { healthOf, parseCpuTicks, stealShare } from './health.ts';
import type { TimedPoint } from './outage.ts';

const points = (n: number, lagMs = 1): TimedPoint[] =>
  Array.from({ length: n }, (_, i) => ({ tMs: i, latencyMs: 1, lagMs }));
const calm = { ownCpu: 0.1, steal: 0, drops: 0 };

describe('healthOf', () => {
  it('is well when all was sent in time', () => {
    const streams = [{ name: 'udp', planned: 1000, points: points(1000) }];
    expect(healthOf({ ...calm, streams })).toEqual({
      ok: true,
      reasons: [],
      scheduleLagP99Ms: 1,
      achievedRatio: 1,
      ownCpu: 0.1,
      steal: 0,
      portsLeft: 1,
      drops: 0,
    });
  });

  it('names every reason', () => {
    const broke: TimedPoint = { tMs: 1, latencyMs: null, error: 'local-port', lagMs: 80 };
    const health = healthOf({
      ownCpu: 0.95,
      steal: 0.3,
      drops: 7,
      streams: [{ name: 'tcp', planned: 1000, points: [...points(899, 80), broke] }],
    });
    expect(health.ok).toBe(false);
    expect(health.reasons).toEqual([
      'probes were sent late: p99 80.0 ms',
      'only 90.0 % of the planned probes were sent in time',
      'the prober took 95 % of a CPU',
      'the hypervisor took 30 % of the time',
      'tcp: 1 probes found no free local port',
      'the prober was too slow to read 7 answers that came back',
    ]);
  });

  it('does not take source ports a second time', () => {
    const new300 = { name: 'new', planned: 300, points: points(300) };
    const enough = healthOf({ ...calm, streams: [{ ...new300, ports: 400 }] });
    expect(enough).toMatchObject({ ok: true, portsLeft: 0.25 });
    const tooFew = healthOf({ ...calm, streams: [{ ...new300, ports: 200 }] });
    expect(tooFew.reasons).toEqual(['new: 300 connections from 200 ports: it needs more source addresses']);
    expect(tooFew.portsLeft).toBe(0);
  });

  it('judges by the worst stream', () => {
    const good = { name: 'a', planned: 100, points: points(100) };
    expect(
      healthOf({ ...calm, streams: [good, { ...good, points: [...points(50), ...points(50, 300)] }] })
        .achievedRatio,
    ).toBe(0.5);
  });

  it('is not well when nothing was sent', () =>
    expect(healthOf({ ...calm, streams: [{ name: 'a', planned: 0, points: [] }] })).toMatchObject({
      ok: false,
      reasons: ['nothing was sent', 'only 0.0 % of the planned probes were sent in time'],
    }));
});

describe('stealShare', () => {
  it('is the part of all ticks', () => {
    const before = parseCpuTicks('cpu  10 0 10 80 0 0 0 0 0 0\ncpu0 1 2 3');
    const after = parseCpuTicks('cpu  20 0 20 130 0 0 0 30 0 0\n');
    expect(stealShare(before, after)).toBeCloseTo(0.3);
    expect(stealShare(after, after)).toBe(0);
  });
});
