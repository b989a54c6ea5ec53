import { expect, it } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { histogramOf } from '../../src/probe/histogram.ts';
import { setUpLatency } from './latency.ts';
import { loadedLatency } from './loaded.ts';

const facts = { spec: (await readLab(await findLab('default'))).spec };
const health = {
  ok: true,
  reasons: [] as string[],
  scheduleLagP99Ms: 1,
  achievedRatio: 1,
  ownCpu: 0.1,
  steal: 0,
  portsLeft: 1,
  drops: 0,
};
const late = { ...health, ok: false, reasons: ['probes were sent late: p99 80.0 ms'] };
/** 200 samples of whole microseconds below 256, where buckets are exact. */
const around = (medianUs: number) =>
  histogramOf(Array.from({ length: 201 }, (_, i) => medianUs + (i - 100) / 100));

const idle = (over = {}) => ({
  streams: [
    { name: 'through the VIP', histogram: around(200), connectHistogram: around(90) },
    { name: 'direct to the RIP', histogram: around(150), connectHistogram: around(60) },
    { name: 'through the VIP, connection open', histogram: around(80) },
  ],
  lost: 0,
  health,
  ...over,
});

it('PERF-04: what the director adds, and what setting up a connection costs', () => {
  const { verdict, figures = [] } = setUpLatency.judge(idle(), facts);
  expect(verdict).toBe('pass');
  const value = (name: string) => figures.find((one) => one.name === name)?.value;
  expect(value('median, VIP minus direct')).toBe(50);
  expect(value('median, new minus open connection')).toBe(120);
  expect(value('handshake median, VIP minus direct')).toBe(30);
  expect(value('p99 through the VIP')).toBeUndefined();
});

it('PERF-04: nothing from an instrument that was late, or with a probe lost', () => {
  const unhealthy = setUpLatency.judge(idle({ health: late }), facts);
  expect(unhealthy).toMatchObject({
    verdict: 'inconclusive',
    seen: expect.stringContaining('80.0 ms; measure'),
  });
  expect(unhealthy.figures).toBeUndefined();
  expect(setUpLatency.judge(idle({ lost: 1 }), facts).verdict).toBe('inconclusive');
});

const run = (medianUs: number, over = {}) => ({
  generator: 'prober',
  arguments: '',
  figures: [{ name: 'good answers', value: 100, unit: '1/s' }],
  histogram: around(medianUs),
  errors: 0,
  durationMs: 4_000,
  health,
  hosts: [],
  saturated: { part: 'nothing', why: 'no host was busy' },
  ...over,
});
const loaded = (over = {}) => ({
  peakPerS: 300,
  runs: [
    { share: 0.5, way: 'vip', run: run(120) },
    { share: 0.5, way: 'direct', run: run(100) },
    { share: 0.8, way: 'vip', run: run(240, over) },
    { share: 0.8, way: 'direct', run: run(150) },
  ],
});

it('PERF-07: the same differences at each share of the peak', () => {
  const { verdict, seen, figures = [], charts } = loadedLatency.judge(loaded(), facts);
  expect([verdict, seen]).toEqual([
    'pass',
    expect.stringContaining('peak 300 connections/s; at the limit: nothing'),
  ]);
  const value = (name: string) => figures.find((one) => one.name === name)?.value;
  expect(value('p50 at 50 %, VIP minus direct')).toBe(20);
  expect(value('p50 at 80 %, VIP minus direct')).toBe(90);
  expect(charts?.[0]).toMatchObject({ series: { length: 4 } });
});

it('PERF-07: nothing where one of the runs does not count', () => {
  expect(loadedLatency.judge(loaded({ health: late }), facts).verdict).toBe('inconclusive');
  expect(loadedLatency.judge(loaded({ errors: 3 }), facts)).toMatchObject({ seen: '3 probes failed' });
  expect(loadedLatency.judge({ peakPerS: 0, runs: [] }, facts).verdict).toBe('inconclusive');
});
