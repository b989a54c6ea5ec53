import { check } from '../../src/model/check.ts';
import { proberOn, type Saturation } from '../../src/probe/client/prober.ts';
import { inconclusive, pass } from '../common/judging.ts';
import { clientOf, realServersOf, serviceOf, targetOf } from '../common/subjects.ts';

interface Saturations {
  rounds: { vip: Saturation; direct: Saturation }[];
}

const roundMs = 1_500;
const rounds = 3;

/** Closed loop, keep-alive: how many requests a second get through when the client never waits. */
export const peakRequests = check<Saturations>({
  id: 'PERF-01',
  suite: 'throughput',
  level: 'measure',
  title: 'peak requests per second, through the VIP and direct',
  requirement: 'Figures: the ratio VIP/direct, from interleaved rounds in one lab.',
  source: 'catalogue PERF-01',
  needs: ['director', 'realTime'],
  mutants: [],
  async observe({ lab, note }) {
    const service = serviceOf(lab.spec, 'tcp');
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const direct = { ip: realServersOf(lab.spec, service)[0]?.ip ?? '', port: service.port };
    const load = { connections: 8, durationMs: roundMs };
    const done: Saturations['rounds'] = [];
    for (let round = 1; round <= rounds; round++) {
      note(`round ${round} of ${rounds}`);
      // The order alternates, so that a machine that slows down does not favour one side.
      const vipFirst = round % 2 === 1;
      const first = await prober.saturate(vipFirst ? targetOf(service) : direct, load);
      const second = await prober.saturate(vipFirst ? direct : targetOf(service), load);
      done.push(vipFirst ? { vip: first, direct: second } : { vip: second, direct: first });
    }
    return { rounds: done };
  },
  judge({ rounds: done }) {
    const expected = `${rounds} rounds without errors`;
    const errors = done.reduce((sum, { vip, direct }) => sum + vip.errors + direct.errors, 0);
    if (done.length === 0 || errors > 0)
      return inconclusive(expected, `${done.length} rounds with ${errors} errors`);
    if (done.some(({ vip, direct }) => vip.requests === 0 || direct.requests === 0))
      return inconclusive(expected, 'a round had no answer at all');
    const vip = median(done.map((round) => round.vip.requestsPerS));
    const direct = median(done.map((round) => round.direct.requestsPerS));
    return pass(expected, `${done.length} rounds, 0 errors, by ${done[0]?.vip.generator}`, {
      figures: [
        {
          name: 'VIP / direct',
          value: median(done.map((r) => r.vip.requestsPerS / r.direct.requestsPerS)),
          unit: '1',
          samples: done.length,
          better: 'higher',
        },
        {
          name: 'requests through the VIP',
          value: vip,
          unit: 'requests/s',
          samples: done.length,
          better: 'higher',
        },
        {
          name: 'requests direct',
          value: direct,
          unit: 'requests/s',
          samples: done.length,
          better: 'higher',
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: 'peak requests per second (median)',
          unit: 'requests/s',
          bars: [
            { name: 'through the VIP', value: vip },
            { name: 'direct to one RIP', value: direct },
          ],
        },
      ],
    });
  },
});

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
