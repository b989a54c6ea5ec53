import { check } from '../../src/model/check.ts';
import type { Figure } from '../../src/model/measurement.ts';
import { type InstrumentHealth, proberOn, type StreamResult } from '../../src/probe/client/prober.ts';
import { percentile } from '../../src/probe/histogram.ts';
import { inconclusive, pass } from '../common/judging.ts';
import { clientOf, list, realServersOf, serviceOf, targetOf } from '../common/subjects.ts';

interface Latency {
  streams: Pick<StreamResult, 'name' | 'rateHz' | 'planned' | 'sent' | 'histogram'>[];
  lost: number;
  health: InstrumentHealth;
}

const rateHz = 40;
const durationMs = 6_000;

/*
 *   client ──connect, request──▶ VIP  ──▶ director ──▶ rs1      two streams at once, so that both
 *   client ──connect, request──▶ RIP of rs1 ───────────▶ rs1     meet the same state of the machine
 */
export const setUpLatency = check<Latency>({
  id: 'PERF-04',
  suite: 'latency',
  level: 'measure',
  title: 'latency of a new connection with one request, through the VIP and direct',
  requirement:
    'Figures: open-loop latency from the planned send time, VIP beside direct in the same seconds.',
  source: 'catalogue PERF-01, PERF-04; RFC 2544',
  needs: ['director', 'realTime'],
  mutants: [],
  async observe({ lab, note }) {
    const service = serviceOf(lab.spec, 'tcp');
    const direct = realServersOf(lab.spec, service)[0]?.ip ?? '';
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const plan = { kind: 'connect' as const, rateHz, timeoutMs: 1_000 };
    note(`${2 * rateHz} connections a second for ${durationMs / 1000} s`);
    const load = await prober.openLoop([
      { ...plan, name: 'through the VIP', target: targetOf(service) },
      { ...plan, name: 'direct to the RIP', target: { ip: direct, port: service.port } },
    ]);
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    const { streams, health } = await load.stop();
    return {
      streams: streams.map(({ name, rateHz: rate, planned, sent, histogram }) => ({
        name,
        rateHz: rate,
        planned,
        sent,
        histogram,
      })),
      lost: streams.reduce(
        (sum, stream) => sum + stream.points.filter((point) => point.latencyMs === null).length,
        0,
      ),
      health,
    };
  },
  judge({ streams, lost, health }) {
    const expected = 'a healthy instrument and no lost probe';
    const charts = [
      {
        kind: 'latency' as const,
        title: 'connect and one request, open loop',
        series: streams.map(({ name, histogram }) => ({ name, histogram })),
      },
    ];
    if (streams.some((stream) => stream.histogram.count === 0))
      return inconclusive(expected, 'no probe was answered');
    if (!health.ok) return inconclusive(expected, `the prober was not healthy: ${list(health.reasons)}`);
    if (lost > 0) return inconclusive(expected, `${lost} probes were lost`, { charts });
    const figures = streams.flatMap(({ name, histogram }): Figure[] =>
      [0.5, 0.95, 0.99].flatMap((p): Figure[] => {
        const value = percentile(histogram, p);
        if (value === undefined) return [];
        return [
          { name: `p${p * 100} ${name}`, value, unit: 'µs', samples: histogram.count, better: 'lower' },
        ];
      }),
    );
    const [vip, direct] = streams.map((stream) => percentile(stream.histogram, 0.5));
    if (vip !== undefined && direct !== undefined)
      figures.unshift({ name: 'median, VIP minus direct', value: vip - direct, unit: 'µs', better: 'lower' });
    return pass(
      expected,
      `${streams.map((s) => `${s.histogram.count} answers ${s.name}`).join(', ')}; nothing lost`,
      {
        figures,
        charts,
      },
    );
  },
});
