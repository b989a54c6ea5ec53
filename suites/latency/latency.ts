import { check } from '../../src/model/check.ts';
import type { Figure, Histogram } from '../../src/model/measurement.ts';
import { type InstrumentHealth, proberOn } from '../../src/probe/client/prober.ts';
import { percentile } from '../../src/probe/histogram.ts';
import { inconclusive, pass } from '../common/judging.ts';
import { unfit, waysTo } from '../common/loading.ts';
import { clientOf, count, serviceOf } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';

interface Latency {
  streams: { name: string; histogram: Histogram; connectHistogram?: Histogram }[];
  lost: number;
  health: InstrumentHealth;
}

const rateHz = 30;
const durationMs = 7_000;

/*
 *   client ──connect, request──▶ VIP  ──▶ director ──▶ rs1      all streams at once, so that they
 *   client ──connect, request──▶ RIP of rs1 ───────────▶ rs1     meet the same state of the machine
 *   client ──request on a connection that is open──▶ VIP         without the cost of setting it up
 */
export const setUpLatency = check<Latency>({
  id: 'PERF-04',
  suite: 'latency',
  level: 'measure',
  title: 'latency of a new connection with one request, through the VIP and direct, idle',
  requirement:
    'Figures: open-loop latency from the planned send time, through the VIP and direct in the same seconds; what setting up a connection costs.',
  source: 'catalogue PERF-01, PERF-04; RFC 2544',
  needs: ['director', 'realTime'],
  vantages: once('a measurement of one client'),
  mutants: [],
  async observe({ lab, note }) {
    const { vip, direct } = waysTo(lab, serviceOf(lab.spec, 'tcp'));
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const plan = { kind: 'connect' as const, rateHz, timeoutMs: 1_000 };
    note(`${3 * rateHz} requests a second for ${durationMs / 1000} s`);
    const load = await prober.openLoop([
      { ...plan, name: 'through the VIP', target: vip.target },
      { ...plan, name: 'direct to the RIP', target: direct.target },
      { ...plan, name: 'through the VIP, connection open', kind: 'established', target: vip.target },
    ]);
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    const { streams, health } = await load.stop();
    return {
      streams: streams.map(({ name, histogram, connectHistogram }) => ({
        name,
        histogram,
        ...(connectHistogram && { connectHistogram }),
      })),
      lost: streams.reduce((sum, stream) => sum + stream.sent - stream.histogram.count, 0),
      health,
    };
  },
  judge({ streams, lost, health }) {
    const expected = 'a healthy instrument and no lost probe';
    const charts = [
      {
        kind: 'latency' as const,
        title: 'requests, open loop, idle',
        series: streams.map(({ name, histogram }) => ({ name, histogram })),
      },
    ];
    if (streams.length === 0 || streams.some((stream) => stream.histogram.count === 0))
      return inconclusive(expected, 'no probe was answered');
    const why = unfit([health]);
    if (why !== undefined) return inconclusive(expected, why);
    if (lost > 0) return inconclusive(expected, `${count(lost, 'probe')} lost`, { charts });
    const [vip, direct, open] = streams;
    const figures = [
      ...difference('median, VIP minus direct', vip?.histogram, direct?.histogram),
      ...difference('median, new minus open connection', vip?.histogram, open?.histogram),
      ...difference('handshake median, VIP minus direct', vip?.connectHistogram, direct?.connectHistogram),
      ...streams.flatMap(({ name, histogram, connectHistogram }) => [
        ...percentiles(name, histogram),
        ...(connectHistogram ? percentiles(`handshake ${name}`, connectHistogram) : []),
      ]),
    ];
    const seen = streams.map(({ name, histogram }) => `${count(histogram.count, 'answer')} ${name}`);
    return pass(expected, `${seen.join(', ')}; nothing lost`, { figures, charts });
  },
});

function difference(name: string, one?: Histogram, other?: Histogram): Figure[] {
  const [a, b] = [one && percentile(one, 0.5), other && percentile(other, 0.5)];
  return a === undefined || b === undefined ? [] : [{ name, value: a - b, unit: 'µs', better: 'lower' }];
}

const percentiles = (name: string, histogram: Histogram): Figure[] =>
  [0.5, 0.95, 0.99].flatMap((p): Figure[] => {
    const value = percentile(histogram, p);
    if (value === undefined) return [];
    return [{ name: `p${p * 100} ${name}`, value, unit: 'µs', samples: histogram.count, better: 'lower' }];
  });
