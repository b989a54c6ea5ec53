import type { Figure } from '../../src/model/measurement.ts';
import { goodnessOfFit } from '../../src/statistics/chi-square.ts';
import { jainIndex } from '../../src/statistics/fairness.ts';
import { functional } from '../common/coassert.ts';
import { inconclusive, pass } from '../common/judging.ts';
import { needs } from '../scheduler/held.ts';
import { fromEach } from '../scheduler/observing.ts';
import { schedulers, triedService } from '../scheduler/stage.ts';
import { type Balancing, balanced, withEach, without } from './services.ts';

interface Shared {
  /** By scheduler: who answered the one connection from each address, in the order of the addresses. */
  done: { scheduler: Balancing; answered: string[] }[];
  lacking: string[];
}

const all = Object.keys(balanced) as Balancing[];
const addresses = 60;

/** What each scheduler makes of the same 60 connections, each from an address of its own. */
export const sharesByScheduler = functional<Shared>({
  id: 'BAL-01',
  suite: 'balance',
  level: 'measure',
  title: 'share of each real server with rr, wrr, sh and mh, against the weights',
  requirement:
    'Figures: Jain’s index by weight, and how likely shares this uneven are by chance (chi-square).',
  source: 'Jain, Chiu and Hawe, DEC-TR-301; Linux ip_vs_rr.c, ip_vs_wrr.c, ip_vs_sh.c, ip_vs_mh.c',
  needs,
  stage: schedulers,
  mutants: [],
  observe: ({ lab, note }) =>
    withEach(lab, all, async (service, scheduler) => {
      note(scheduler);
      const connections = await fromEach(lab, service, addresses);
      return { scheduler, answered: connections.map(({ to }) => to) };
    }),
  judge({ done, lacking }, { spec }) {
    const expected = `${addresses} answers with each scheduler`;
    const tables = done.map(({ scheduler, answered }) => {
      const { realServers } = triedService(spec, balanced[scheduler]);
      const counts = realServers.map(({ name }) => answered.filter((one) => one === name).length);
      return { scheduler, realServers, counts, answered: counts.reduce((sum, one) => sum + one, 0) };
    });
    const short = tables.find(({ answered }) => answered < addresses);
    if (short) return inconclusive(expected, `with ${short.scheduler} only ${short.answered} were answered`);
    if (tables.length === 0) return inconclusive(expected, `nothing was measured${without(lacking)}`);
    const figures = tables.flatMap(({ scheduler, realServers, counts }): Figure[] => {
      const weights = realServers.map(({ weight }) => weight);
      const { p } = goodnessOfFit(counts, weights);
      const samples = addresses;
      return [
        {
          name: `Jain’s index, ${scheduler}`,
          value: jainIndex(counts, weights),
          unit: '1',
          samples,
          better: 'higher',
        },
        { name: `chi-square p, ${scheduler}`, value: p, unit: '1', samples },
      ];
    });
    const charts = tables.map(({ scheduler, realServers, counts }) => {
      const whole = realServers.reduce((sum, { weight }) => sum + weight, 0);
      return {
        kind: 'bars' as const,
        title: `connections by real server, ${scheduler}`,
        unit: 'connections',
        bars: realServers.map(({ name, weight }, i) => ({
          name,
          value: counts[i] ?? 0,
          expected: (addresses * weight) / whole,
        })),
      };
    });
    const seen = tables.map(({ scheduler, counts }) => `${scheduler} ${counts.join(' : ')}`);
    return pass(expected, `${seen.join('; ')}${without(lacking)}`, { figures, charts });
  },
});
