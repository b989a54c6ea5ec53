import { describe, expect, it } from 'vitest';
import { aFailover, aHistogram } from '../testing/charts.ts';
import { figureOf } from './index.ts';
import { curve } from './latency.ts';

const drawn = (chart: Parameters<typeof figureOf>[0]): string => figureOf(chart, 'uml').source;

describe('charts', () => {
  it('end a latency curve where the samples end', () => {
    expect(curve(aHistogram(1000, 400)).at(-1)?.p).toBeCloseTo(0.99);
    expect(curve(aHistogram(19, 400))).toEqual([]);
  });

  it('print no percentile that the samples do not support', () => {
    const series = [{ name: 'few', histogram: aHistogram(100, 400) }];
    const source = drawn({ kind: 'latency', title: 't', series });
    expect(source).toContain('>p90<');
    expect(source).not.toContain('>p99<');
  });

  it('show a table and no curve when there is hardly anything', () => {
    const source = drawn({
      kind: 'latency',
      title: 't',
      series: [{ name: 'few', histogram: aHistogram(5, 400) }],
    });
    expect(source).not.toContain('class="chart');
    expect(source).toContain('<td>5</td>');
  });

  it('label the longest outage of each stream with its uncertainty', () => {
    const source = drawn(aFailover());
    for (const label of ['3.1 s ± 2 ms', '3.11 s ± 10 ms', '3.12 s ± 20 ms']) expect(source).toContain(label);
  });

  it('draw many probes in little space', () => {
    expect(drawn(aFailover()).length).toBeLessThan(200_000);
  });

  it('say so when an outage did not end', () => {
    const points = [
      { tMs: 0, latencyMs: 1, server: 'rs1' },
      { tMs: 10, latencyMs: null, error: 'reset' },
      { tMs: 20, latencyMs: null, error: 'timeout' },
    ];
    const source = drawn({
      kind: 'timeline',
      title: 't',
      durationMs: 1000,
      streams: [{ name: 's', points }],
      marks: [],
    });
    expect(source).toContain('at least 990 ms');
  });

  it('mark what was expected of a bar, and survive zero and emptiness', () => {
    const bars = [{ name: 'rs1', value: 0, expected: 3 }];
    expect(drawn({ kind: 'bars', title: 't', unit: 'connections', bars })).toContain(
      'expected: 3 connections',
    );
    expect(drawn({ kind: 'bars', title: 't', unit: '1', bars: [] })).not.toMatch(/NaN|Infinity/);
    const empty = { kind: 'timeline' as const, title: 't', durationMs: 0, streams: [], marks: [] };
    expect(drawn(empty)).not.toMatch(/NaN|Infinity/);
  });
});
