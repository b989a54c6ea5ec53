import { check } from '../../src/model/check.ts';
import type { Chart, Figure } from '../../src/model/measurement.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { type LoadRun, loadRun, openLoop } from '../../src/probe/generators/index.ts';
import { percentile } from '../../src/probe/histogram.ts';
import { inconclusive, pass } from '../common/judging.ts';
import { limitOf, unfit, type Ways, waysTo } from '../common/loading.ts';
import { clientAddresses } from '../common/stages.ts';
import { clientOf, count, serviceOf } from '../common/subjects.ts';
import { measuring } from '../throughput/stage.ts';

interface Loaded {
  /** Connections a second when the client never waits, of the slower way. */
  peakPerS: number;
  runs: { share: number; way: keyof Ways; run: LoadRun }[];
}

const shares = [0.5, 0.8];
const peakMs = 2_000;
const durationMs = 4_000;
const words = { vip: 'through the VIP', direct: 'direct to the RIP' } as const;

/**
 * A latency without a load says little: queues form near saturation. The peak is measured first, by a closed loop; then
 * both ways get the same open loop at half of it and at four fifths, one after the other.
 */
export const loadedLatency = check<Loaded>({
  id: 'PERF-07',
  suite: 'latency',
  level: 'measure',
  title: 'latency of new connections at 50 % and 80 % of saturation',
  requirement: 'Figures: open-loop latency at shares of the measured peak, VIP minus direct.',
  source: 'catalogue PERF-04; RFC 2544, 26.2',
  needs: ['director', 'realTime', 'directClient'],
  stage: measuring,
  mutants: [],
  async observe({ lab, note }) {
    const ways = waysTo(lab, serviceOf(lab.spec, 'tcp'));
    const from = clientAddresses(lab.spec);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    note('peak of new connections');
    const peaks: number[] = [];
    for (const { target } of [ways.vip, ways.direct])
      peaks.push((await prober.churn(target, { parallel: 8, durationMs: peakMs, from })).connectionsPerS);
    const peakPerS = Math.min(...peaks);
    const runs: Loaded['runs'] = [];
    for (const share of peakPerS > 0 ? shares : []) {
      for (const way of ['vip', 'direct'] as const) {
        note(`${words[way]} at ${100 * share} % of ${Math.round(peakPerS)} connections/s`);
        const plan = { name: 'new', kind: 'connect' as const, timeoutMs: 2_000, from };
        const generator = openLoop(
          { ...plan, rateHz: share * peakPerS, schedule: 'poisson', seed: 1 },
          { warmUp: false },
        );
        runs.push({ share, way, run: await loadRun(generator, { ...ways[way], durationMs }) });
      }
    }
    return { peakPerS, runs };
  },
  judge({ peakPerS, runs }) {
    const expected = 'a healthy instrument and no lost probe';
    if (runs.length === 0) return inconclusive(expected, 'no connection was answered');
    const charts: Chart[] = [
      {
        kind: 'latency',
        title: 'new connection and one request, Poisson arrivals',
        series: runs.flatMap(({ share, way, run: { histogram } }) =>
          histogram ? [{ name: `${words[way]}, ${100 * share} %`, histogram }] : [],
        ),
      },
    ];
    const why = unfit(runs.flatMap(({ run }) => run.health ?? []));
    if (why !== undefined) return inconclusive(expected, why);
    const lost = runs.reduce((sum, { run }) => sum + run.errors, 0);
    if (lost > 0) return inconclusive(expected, `${count(lost, 'probe')} failed`, { charts });
    const figures = shares.flatMap((share) => figuresAt(runs, share));
    if (figures.length === 0) return inconclusive(expected, 'no latency was recorded');
    const limits = limitOf(shares.flatMap((share) => roundAt(runs, share)));
    return pass(expected, `peak ${Math.round(peakPerS)} connections/s; ${limits}`, { figures, charts });
  },
});

function roundAt(runs: Loaded['runs'], share: number) {
  const of = (way: keyof Ways) => runs.find((one) => one.share === share && one.way === way)?.run;
  const [vip, direct] = [of('vip'), of('direct')];
  return vip && direct ? [{ vip, direct }] : [];
}

function figuresAt(runs: Loaded['runs'], share: number): Figure[] {
  return roundAt(runs, share).flatMap(({ vip, direct }) =>
    [0.5, 0.95, 0.99].flatMap((p): Figure[] => {
      const of = ({ histogram }: LoadRun) => histogram && percentile(histogram, p);
      const [a, b] = [of(vip), of(direct)];
      const name = `p${100 * p} at ${100 * share} %`;
      if (a === undefined || b === undefined) return [];
      const figure = (suffix: string, value: number): Figure => {
        return { name: `${name}, ${suffix}`, value, unit: 'µs', better: 'lower' };
      };
      return [figure('VIP minus direct', a - b), figure(words.vip, a), figure(words.direct, b)];
    }),
  );
}
