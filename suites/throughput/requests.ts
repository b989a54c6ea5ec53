import { check } from '../../src/model/check.ts';
import { autocannon, newConnections } from '../../src/probe/generators/index.ts';
import { inconclusive, pass } from '../common/judging.ts';
import { inRounds, limitOf, type Round, ratioFigures, waysTo, whyNoFigure } from '../common/loading.ts';
import { clientAddresses } from '../common/stages.ts';
import { serviceOf } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';
import { measuring } from './stage.ts';

interface Measured {
  rounds: Round[];
}

const rounds = 5;
const roundMs = 1_000;

const judge =
  (of: string, unit: string) =>
  ({ rounds: done }: Measured) => {
    const expected = `${rounds} rounds without errors`;
    const why = whyNoFigure(done);
    if (why !== undefined) return inconclusive(expected, why);
    const figures = ratioFigures(done, of);
    const bars = figures
      .filter((figure) => figure.unit === unit)
      .map(({ name, value }) => ({ name: name.slice(of.length + 1), value }));
    return pass(expected, `${done.length} rounds by ${done[0]?.vip.generator}; ${limitOf(done)}`, {
      figures,
      charts: [{ kind: 'bars', title: `${of} a second at most (median)`, unit, bars }],
    });
  };

/** Closed loop, keep-alive: how many requests a second get through when the client never waits. */
export const peakRequests = check<Measured>({
  id: 'PERF-01',
  suite: 'throughput',
  level: 'measure',
  title: 'peak requests per second, through the VIP and direct',
  requirement: 'Figures: the ratio VIP/direct, from interleaved rounds in one lab.',
  source: 'catalogue PERF-01',
  needs: ['director', 'realTime'],
  vantages: once('a measurement of one client'),
  mutants: [],
  async observe({ lab, note }) {
    const ways = waysTo(lab, serviceOf(lab.spec, 'tcp'));
    return { rounds: await inRounds(ways, autocannon({ connections: 8 }), { rounds, roundMs, note }) };
  },
  judge: judge('requests', 'requests/s'),
});

/** Closed loop, a connection for each request: what the director has to schedule, and keep an entry of. */
export const peakConnections = check<Measured>({
  id: 'PERF-06',
  suite: 'throughput',
  level: 'measure',
  title: 'peak new connections per second, through the VIP and direct',
  requirement: 'Figures: the ratio VIP/direct of connections that are opened, answered and closed.',
  source: 'catalogue PERF-01',
  needs: ['director', 'realTime', 'directClient'],
  stage: measuring,
  mutants: [],
  async observe({ lab, note }) {
    const ways = waysTo(lab, serviceOf(lab.spec, 'tcp'));
    const generator = newConnections({ parallel: 8, from: clientAddresses(lab.spec) });
    return { rounds: await inRounds(ways, generator, { rounds, roundMs, note }) };
  },
  judge: judge('new connections', 'connections/s'),
});
