import { describe, expect, it } from 'vitest';
import { findLab, parseLab, readLab } from '../../src/model/labfile/index.ts';
import { hostSpec } from '../../src/model/spec.ts';
import { healthOf } from '../../src/probe/health.ts';
import { histogramOf } from '../../src/probe/histogram.ts';
import { answered, median, p90 } from './figures.ts';
import { workloads } from './index.ts';
import type { Seen } from './observing.ts';
import { comparedService, sources } from './servers.ts';
import { parseDevice } from './watching.ts';
import { judge } from './workload.ts';

const { spec } = await readLab(await findLab('default'));

describe('every workload', () => {
  it.each(workloads.map((one) => [one.id, one] as const))('%s changes only what it says', (_, one) => {
    const changed = one.change(spec, false);
    expect(changed.services[0]?.scheduler).toBe(spec.services[0]?.scheduler);
    expect(comparedService(changed).realServers.map(({ name }) => name)).toEqual(['rs1', 'rs2', 'rs3']);
    expect(changed.hosts.map(({ name, ip, mac }) => [name, ip, mac])).toEqual(
      spec.hosts.map(({ name, ip, mac }) => [name, ip, mac]),
    );
    expect(new Set(sources(changed)).size).toBe(one.id === 'one-nat' ? 1 : 64);
    expect(comparedService(one.change(spec, true)).realServers).toEqual(spec.services[0]?.realServers);
  });

  it.each(workloads.map((one) => [one.id, one] as const))(
    '%s sends enough for its figures in the time of a trial',
    (_, one) => {
      const [deciding] = one.figures;
      const perTrial = { bursts: 120 / 3, 'long-lived': 30 }[one.id] ?? one.rateHz;
      // A p90 takes 100 answers; one in a thousand trials may have too few.
      const needed = deciding?.name.startsWith('p90') ? 100 + 3 * Math.sqrt(100) : 20;
      expect((perTrial * one.trialMs) / 1000).toBeGreaterThan(needed);
    },
  );

  it('in a lab with one real server has nothing to compare', () => {
    const alone = parseLab('realServers: 1\nservices: [{ scheduler: rr }]', 'lab.yaml');
    expect(() => workloads[0]?.change(alone, false)).toThrow('nothing is chosen');
  });
});

it('one slow server cannot do its share, and weights do not say so', () => {
  const changed = workloads.find(({ id }) => id === 'slow-server')?.change(spec, false) ?? spec;
  expect(hostSpec(changed, 'rs1').server).toMatchObject({ delayMs: 225, concurrency: 3 });
  expect(hostSpec(changed, 'rs2').server).toMatchObject({ delayMs: 10 });
  expect(hostSpec(changed, 'rs2').server).not.toHaveProperty('concurrency');
  expect(comparedService(changed).realServers.map(({ weight }) => weight)).toEqual([1, 1, 1]);
});

describe('what a trial saw', () => {
  const stream = (over: Partial<Seen['streams'][number]> = {}): Seen['streams'][number] => ({
    name: 'new connections',
    kind: 'connect',
    rateHz: 60,
    planned: 300,
    sent: 300,
    histogram: histogramOf(Array.from({ length: 300 }, (_, i) => 1000 * (i + 1))),
    shares: { rs1: 100, rs2: 200 },
    errors: {},
    ...over,
  });
  const judged = (streams: Seen['streams'], lagMs = 3, more: Partial<Seen> = {}) =>
    judge(
      { figures: [p90, median, answered], lagMs: 100 },
      {
        watched: { saturated: 'shared CPU', directorBytes: { in: 2, out: 1 } },
        ...more,
        streams,
        health: healthOf({
          streams: [{ name: 'new connections', planned: 1, points: [{ tMs: 0, latencyMs: 1, lagMs }] }],
          ownCpu: 0.1,
          steal: 0,
          drops: 0,
        }),
      },
    );

  it('becomes figures in milliseconds and per cent', () => {
    const { outcome, factor } = judged([stream({ planned: 400 })]);
    expect(outcome.figures['p90 of new connections']).toBeCloseTo(270, -1);
    expect(outcome.figures['median of new connections']).toBeCloseTo(150, -1);
    expect(outcome.figures['answered new connections']).toBe(75);
    expect(outcome).toMatchObject({ planned: 400, good: 300, shares: { rs1: 100, rs2: 200 } });
    expect(factor).toBe(1);
  });

  it('of an unhealthy instrument has the reason and no figure', () => {
    const { outcome } = judged([stream()], 130);
    expect(outcome).toMatchObject({
      figures: {},
      inconclusive: 'probes were sent late: p99 130.0 ms',
      saturated: 'shared CPU',
      directorBytes: { in: 2, out: 1 },
    });
    expect(outcome.histogram).toBeUndefined();
  });

  it('without an answer has the reason and no figure', () => {
    const { outcome } = judged([stream({ histogram: histogramOf([]) })]);
    expect(outcome).toMatchObject({ figures: {}, good: 0, inconclusive: 'nothing was answered' });
  });

  it('tells what the prober kept up with when it was tried', () => {
    expect(judged([stream()], 3, { keptUp: 0.5 }).factor).toBe(0.5);
  });

  it('with too few answers has no p90', () => {
    const { outcome } = judged([stream({ histogram: histogramOf([1000, 2000]) })]);
    expect(Object.keys(outcome.figures)).toEqual(['answered new connections']);
    expect(outcome.inconclusive).toBeUndefined();
  });

  it('bears a lag that is small beside what the load differs by', () => {
    expect(judged([stream()], 80).outcome.inconclusive).toBeUndefined();
  });

  it('sums the streams of several targets', () => {
    const { outcome } = judged([stream(), stream({ shares: { rs3: 7 }, errors: { timeout: 2 } })]);
    expect(outcome).toMatchObject({
      shares: { rs1: 100, rs2: 200, rs3: 7 },
      errors: { timeout: 2 },
      good: 600,
    });
  });
});

it('reads bytes received and sent of one interface', () => {
  const text =
    'Inter-|   Receive  |  Transmit\n face |bytes packets\n    lo:       1 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0\n  eth0: 123456 12 0 0 0 0 0 0 65432 34 0 0 0 0 0 0\n';
  expect(parseDevice(text, 'eth0')).toEqual({ in: 123456, out: 65432 });
  expect(parseDevice(text, 'eth1')).toBeUndefined();
});
