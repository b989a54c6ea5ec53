import { check } from '../../src/model/check.ts';
import { goodnessOfFit } from '../../src/statistics/chi-square.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { mistaken, needs } from './held.ts';
import { meantServers, sharesOf, whyWrong } from './judging.ts';
import { all, needScheduler, prober, type Start, startOf } from './observing.ts';
import { runsDeviation } from './oracle/runs.ts';
import { tiedShares } from './oracle/twos.ts';
import { ownBench, schedulers, triedService } from './stage.ts';

export interface Drawn {
  start: Start;
  seen: string[];
}

/** So unlikely that a right director never shows it, and wrong weights always do with so many datagrams. */
const alpha = 1e-6;
const datagrams = 3_000;
/** Standard deviations that correspond to it. */
const deviations = 5;

/** Linux ip_vs_twos.c. One-packet scheduling, so that loads tie and the shares are those of the first pick. */
export const powerOfTwoChoices = check<Drawn>({
  id: 'SCH-21',
  suite: 'scheduler',
  level: 'should',
  title: 'twos draws at random by weight',
  requirement:
    'Of two random picks by weight the less loaded wins. While loads tie, the first in the table gets (w + 1) / (Σw + 1), the others w / (Σw + 1), in no pattern.',
  source: 'Linux ip_vs_twos.c; ipvsadm(8)',
  needs,
  stage: schedulers,
  own: ownBench('twos'),
  mutants: [mistaken('twos', 'rr')],
  async observe({ lab }) {
    const service = triedService(lab.spec, 'twos');
    if (lab.spec.stage !== undefined) await needScheduler(lab, service);
    const start = await startOf(lab, service);
    const target = { ip: service.vip, port: service.port };
    return {
      start,
      seen: all(await (await prober(lab)).datagrams(target, { count: datagrams, sockets: 8 })),
    };
  },
  judge({ start, seen }, { spec }) {
    const service = triedService(spec, 'twos');
    const servers = meantServers(service, start);
    const shares = tiedShares(servers);
    const expected = `at random, ${servers.map(({ name }, i) => `${name} ${Math.round(100 * (shares[i] ?? 0))} %`).join(', ')}`;
    const counts = servers.map(({ name }) => seen.filter((one) => one === name).length);
    if (seen.length < datagrams || counts.reduce((sum, n) => sum + n, 0) < seen.length)
      return inconclusive(expected, `not every datagram was answered: ${sharesOf(seen)}`);
    const { p } = goodnessOfFit(counts, shares);
    const z = Math.max(...servers.map(({ name }) => Math.abs(runsDeviation(seen, name))));
    const text = `${sharesOf(seen)}; p = ${p.toPrecision(2)}, runs off by ${z.toFixed(1)} standard deviations`;
    if (p > alpha && p < 1 - alpha && z < deviations) return pass(expected, text);
    return fail(expected, `datagrams went ${text}`, whyWrong({ spec, service, start }));
  },
});
