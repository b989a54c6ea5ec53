import { setTimeout as sleep } from 'node:timers/promises';
import { check } from '../../src/model/check.ts';
import { flood } from '../../src/probe/flood.ts';
import { entriesByState, statesIn } from '../common/entries.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { advice, everyHost, on } from '../common/remedy.ts';
import { portOf, sceneAt } from '../common/tables.ts';
import { sentFrom, unusedSources } from '../common/unused-sources.ts';
import { defended, withoutDrops } from './stage.ts';

interface Evaporating {
  /** Entries of a client that leaves connections half open, at first and some seconds later. */
  halfOpen: number;
  halfOpenLater: number;
  /** Entries of one that completes them. */
  established: number;
  establishedLater: number;
  states: string;
}

const halfOpenCount = 2_000;
const establishedCount = 500;
/** Each second 1/32 of the table is looked through. */
const withinMs = 5_000;
const mostLooks = 5;

/** Linux ip_vs_random_dropentry(): each second a random part of the table loses what is half open. */
export const halfOpenEvaporates = check<Evaporating>({
  id: 'DOS-02',
  suite: 'defence',
  level: 'should',
  title: 'drop_entry removes half-open entries before their time, and no established ones',
  requirement:
    'With drop_entry=3 half-open entries go second by second, at random; entries of connections that are established stay.',
  source: 'ipvs-sysctl.rst (drop_entry); Linux ip_vs_random_dropentry()',
  needs: ['ipvs', 'director', 'inject', 'directClient'],
  stage: defended,
  mutants: [
    {
      id: 'off',
      breaks: 'drop_entry=0 on the director',
      change: sysctls('director', { 'net.ipv4.vs.drop_entry': '0' }),
      reason: /2000 of 2000 half-open entries were left/,
    },
  ],
  async observe({ lab }) {
    const scene = await sceneAt(lab, portOf.evaporating);
    const [idle = '', busy = ''] = unusedSources(lab.spec, 4).slice(2);
    const common = { dstPort: portOf.evaporating, fromPort: 2_000, validChecksum: false };
    const count = (source: string) => entriesByState(scene.director, source, portOf.evaporating);
    const sum = (states: Record<string, number>, known: boolean) =>
      Object.entries(states).reduce(
        (n, [state, of]) => n + ((state === 'ESTABLISHED') === known ? of : 0),
        0,
      );
    return withoutDrops(scene.director, async () => {
      await flood(scene.clientHost, {
        ...sentFrom(busy, scene),
        ...common,
        count: establishedCount,
        segments: 'established',
      });
      const established = await count(busy);
      await flood(scene.clientHost, { ...sentFrom(idle, scene), ...common, count: halfOpenCount });
      const first = await count(idle);
      const start = performance.now();
      let later = first;
      // One round takes 3 % of what it may take, so established ones have been looked at as well.
      while (performance.now() - start < withinMs && sum(later, false) > sum(first, false) * 0.98) {
        await sleep(250);
        later = await count(idle);
      }
      // Where entries go while the table is read, others are skipped (seq_file goes on by position); none is seen twice.
      let kept = 0;
      for (let look = 0; look < mostLooks && kept < sum(established, true); look++)
        kept = Math.max(kept, sum(await count(busy), true));
      return {
        halfOpen: sum(first, false),
        halfOpenLater: sum(later, false),
        established: sum(established, true),
        establishedLater: kept,
        states: statesIn(later),
      };
    });
  },
  judge({ halfOpen, halfOpenLater, established, establishedLater, states }, { spec }) {
    const expected = `fewer half-open entries within ${withinMs / 1000} s, and all of the established ones`;
    if (halfOpen === 0 || established === 0)
      return inconclusive(expected, 'none of our segments created an entry');
    const seen = `${halfOpenLater} of ${halfOpen} half-open entries were left (${states}), and ${establishedLater} of ${established} established ones`;
    if (establishedLater < established)
      return fail(expected, seen, {
        cause: 'established entries are dropped as well',
        remedy: on(
          everyHost(spec, 'director'),
          'ipvsadm --set 900 120 300',
          'sysctl -w net.ipv4.vs.drop_entry=0',
        ),
      });
    if (halfOpenLater < halfOpen) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'drop_entry is off: each half-open entry stays for a minute',
      remedy: [
        ...on(everyHost(spec, 'director'), 'sysctl -w net.ipv4.vs.drop_entry=3'),
        ...advice('with 1 it drops only when memory is short'),
      ],
    });
  },
});
