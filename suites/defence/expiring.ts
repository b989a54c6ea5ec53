import { setTimeout as sleep } from 'node:timers/promises';
import { flood } from '../../src/probe/flood.ts';
import { setTimeouts, timeouts } from '../../src/probe/ipvs-state.ts';
import { functional } from '../common/coassert.ts';
import { entriesByState, statesIn, total } from '../common/entries.ts';
import { finAndResetDropped } from '../common/filters.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { everyHost, filtersOn, on } from '../common/remedy.ts';
import { count } from '../common/subjects.ts';
import { portOf, sceneAt, serversIn, tables } from '../common/tables.ts';
import { sentFrom, unusedSources } from '../common/unused-sources.ts';
import { latencies } from './figures.ts';

interface Storm {
  sent: number;
  /** Entries of the flood right after it, and when we stopped looking. */
  entries: Record<string, number>;
  left: Record<string, number>;
  tookMs: number;
  /** Connections while entries expired: all answers, and their latencies. */
  asked: number;
  answered: number;
  seen: string;
  latenciesUs: number[];
}

const sent = 10_000;
/** About as long as the flood takes, so that most entries expire at once, not one by one behind it. */
const finS = 2;
const withinMs = 20_000;

/** Where computing takes no time, rounds without a pause would be thousands. */
const betweenMs = 100;

/** Each entry has a timer; thousands that fire at once run in softirqs before the director forwards again. */
export const stormPasses = functional<Storm>({
  id: 'SCL-03',
  suite: 'defence',
  level: 'should',
  title: 'thousands of entries expire at once, and no connection is lost',
  requirement: 'While 10,000 entries in FIN_WAIT expire within seconds every new connection is served.',
  source: 'Linux ip_vs_conn_expire()',
  needs: ['ipvs', 'director', 'inject', 'directClient'],
  stage: tables,
  timeoutMs: 90_000,
  mutants: [
    {
      id: 'fin-dropped',
      breaks: 'the director drops segments with FIN or RST, as an INVALID rule does',
      change: finAndResetDropped,
      reason: /entries outlive the FIN/,
    },
  ],
  async observe({ lab, note }) {
    const scene = await sceneAt(lab, portOf.closing);
    const { director, prober, target } = scene;
    const [source = ''] = unusedSources(lab.spec, 19).slice(18);
    const found = await timeouts(director);
    const count = () => entriesByState(director, source, portOf.closing);
    await setTimeouts(director, { ...found, finS });
    try {
      await flood(scene.clientHost, {
        ...sentFrom(source, scene),
        dstPort: portOf.closing,
        fromPort: 30_000,
        count: sent,
        segments: 'fin',
        validChecksum: false,
      });
      const entries = await count();
      note(`${total(entries)} entries expire`);
      const start = performance.now();
      const answers = [];
      let left = entries;
      // Those in other states are not going to expire.
      while (performance.now() - start < withinMs && (left.FIN_WAIT ?? 0) > 0) {
        answers.push(...(await prober.requests(target, { count: 20, timeoutMs: 5_000 })));
        left = await count();
        await sleep(betweenMs);
      }
      const tookMs = Math.round(performance.now() - start);
      return {
        sent,
        entries,
        left,
        tookMs,
        asked: answers.length,
        answered: answers.filter((answer) => answer.ok).length,
        seen: serversIn(answers),
        latenciesUs: answers.map((answer) => answer.latencyUs),
      };
    } finally {
      await setTimeouts(director, found);
    }
  },
  judge({ sent: n, entries, left, tookMs, asked, answered, seen: servers, latenciesUs }, { spec }) {
    const expected = `${n} entries expire within ${withinMs / 1000} s, all new connections served meanwhile`;
    const least = n / 10;
    if (total(entries) < least)
      return inconclusive(expected, `only ${total(entries)} of our ${n} entries were seen in the table`);
    if (total(left) === 0 && asked === 0) return inconclusive(expected, 'no connection was tried meanwhile');
    const figures = latencies('connection while entries expire', latenciesUs);
    const seen = `${statesIn(entries)} at first, ${statesIn(left)} after ${(tookMs / 1000).toFixed(1)} s; ${answered} of ${count(asked, 'connection')} served (${servers})`;
    if (total(left) === 0 && answered === asked) return pass(expected, seen, { figures });
    return fail(expected, seen, {
      cause:
        total(left) > 0
          ? 'entries outlive the FIN of their client'
          : 'connections were lost while entries expired',
      remedy: on(
        everyHost(spec, 'director'),
        'ipvsadm --set 900 120 300',
        'iptables -S',
        filtersOn(spec, 'ingress'),
      ),
      figures,
    });
  },
});
