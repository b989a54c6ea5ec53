import { check } from '../../src/model/check.ts';
import type { Figure } from '../../src/model/measurement.ts';
import { hostsOf } from '../../src/model/spec.ts';
import { iperf3 } from '../../src/probe/generators/index.ts';
import { inconclusive, pass } from '../common/judging.ts';
import {
  inRounds,
  limitOf,
  type Round,
  ratioFigures,
  type Ways,
  waysTo,
  whyNoFigure,
} from '../common/loading.ts';
import { list, serviceOf } from '../common/subjects.ts';
import { bulkPort, measuring } from './stage.ts';

interface Streams {
  runs: { name: string; rounds: Round[] }[];
}

/** What every sandbox can send; what of it arrives is the figure. */
const udpBitsPerS = 2e6;
const kinds = [
  { name: 'upload, TCP', o: {}, rounds: 3 },
  { name: 'download, TCP', o: { reverse: true }, rounds: 3 },
  { name: 'upload, UDP', o: { udpBitsPerS }, rounds: 1 },
  { name: 'download, UDP', o: { udpBitsPerS, reverse: true }, rounds: 1 },
];

/** Uploads pass the director, downloads do not: only the first have to cost anything. */
export const bulkStreams = check<Streams>({
  id: 'PERF-05',
  suite: 'throughput',
  level: 'measure',
  title: 'bulk throughput of TCP and UDP, both directions, through the VIP and direct',
  requirement: 'Figures: the ratio VIP/direct of iperf3 to the same real server.',
  source: 'catalogue PERF-01; RFC 6349',
  needs: ['director', 'realTime', 'iperf3', 'directClient'],
  stage: measuring,
  mutants: [],
  // 16 runs of iperf3, of which each takes several seconds to start and end on one shared CPU.
  timeoutMs: 400_000,
  async observe({ lab, note }) {
    const ways = waysTo(lab, serviceOf(lab.spec, 'tcp'));
    const realServers = hostsOf(lab.spec, 'realServer')
      .slice(0, 1)
      .map(({ name }) => name);
    const at = (way: keyof Ways) => ({
      ...ways[way],
      realServers,
      target: { ...ways[way].target, port: bulkPort },
    });
    const both = { vip: at('vip'), direct: at('direct') };
    const runs: Streams['runs'] = [];
    for (const { name, o, rounds } of kinds) {
      const saying = (text: string) => note(`${name}: ${text}`);
      runs.push({ name, rounds: await inRounds(both, iperf3(o), { rounds, roundMs: 1_000, note: saying }) });
    }
    return { runs };
  },
  judge({ runs }) {
    const expected = 'bytes in every round';
    const missing = runs.flatMap(({ name, rounds }) => {
      const why = whyNoFigure(rounds);
      return why === undefined ? [] : [`${name}: ${why}`];
    });
    if (runs.length === 0) return inconclusive(expected, 'nothing was measured');
    if (missing.length > 0) return inconclusive(expected, list(missing));
    const figures = runs.flatMap(({ name, rounds }) => [
      ...ratioFigures(rounds, 'received', `${name}: `),
      ...lostIn(rounds, name),
    ]);
    const all = runs.flatMap(({ rounds }) => rounds);
    return pass(expected, `${all.length} rounds by ${all[0]?.vip.generator}; ${limitOf(all)}`, { figures });
  },
});

/** Of datagrams only. */
const lostIn = (rounds: readonly Round[], name: string): Figure[] =>
  (['vip', 'direct'] as const).flatMap((way) =>
    rounds.flatMap((round) =>
      round[way].figures
        .filter((figure) => figure.name === 'lost datagrams')
        .map((figure) => ({
          ...figure,
          name: `${name}: lost datagrams ${way === 'vip' ? 'through the VIP' : 'direct to one RIP'}`,
        })),
    ),
  );
