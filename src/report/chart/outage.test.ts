import { describe, expect, it } from 'vitest';
import type { ProbePoint } from '../../model/measurement.ts';
import { aFailover } from '../testing/charts.ts';
import { longestOutage, outagesOf, spacingMs } from './outage.ts';

/** `.` good, `x` bad, 10 ms apart. */
const points = (text: string): ProbePoint[] =>
  [...text].map((sign, i) => ({ tMs: i * 10, latencyMs: sign === '.' ? 1 : null }));

describe('outages of a stream', () => {
  it('are runs of bad probes, up to the next good one', () => {
    expect(outagesOf(points('..xxx..x.'), 90)).toEqual([
      { fromMs: 20, toMs: 50, bad: 3, ended: true },
      { fromMs: 70, toMs: 80, bad: 1, ended: true },
    ]);
  });

  it('last to the end when nothing good follows', () => {
    expect(outagesOf(points('..xx'), 100)).toEqual([{ fromMs: 20, toMs: 100, bad: 2, ended: false }]);
  });

  it('do not depend on the order of the answers', () => {
    expect(outagesOf(points('.xx.').reverse(), 40)).toEqual(outagesOf(points('.xx.'), 40));
  });

  it('count from two lost probes on', () => {
    expect(longestOutage(outagesOf(points('..x..'), 50))).toBeUndefined();
    expect(longestOutage(outagesOf(points('.xx.xxx.'), 80))?.fromMs).toBe(40);
  });

  it('are 3.1 s in the failover that the reports are tried on', () => {
    const [udp] = aFailover().streams;
    const outage = longestOutage(outagesOf(udp?.points ?? [], 12_000));
    expect([outage?.fromMs, outage?.toMs, spacingMs(udp?.points ?? [])]).toEqual([4000, 7100, 2]);
  });
});
