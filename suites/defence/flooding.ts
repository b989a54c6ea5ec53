import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { flood } from '../../src/probe/flood.ts';
import { functional } from '../common/coassert.ts';
import { entriesByState, total } from '../common/entries.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { everyHost, on } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import { onService, portOf, sceneAt, serversIn } from '../common/tables.ts';
import { sentFrom, unusedSources } from '../common/unused-sources.ts';
import { defended, withoutDrops } from './stage.ts';

interface Flooded {
  syns: number;
  /** Half-open entries that the flood left. */
  entries: number;
  held: number;
  /** On connections held before the flood: who answered, or the error. */
  during: string;
  fresh: number;
  freshServed: number;
  freshSeen: string;
}

const syns = 3_000;
const fresh = 6;

const thresholds = (spec: LabSpec): LabSpec => {
  const servers = hostsOf(spec, 'realServer').map(({ name }) => ({ name, weight: 1, upperThreshold: 100 }));
  return onService(portOf.flooded, { realServers: servers })(spec);
};

/** Bounded: 3,000 SYNs from one address of the lab that nobody has. */
export const floodLeavesOthersAlone = functional<Flooded>({
  id: 'DOS-05',
  suite: 'defence',
  level: 'should',
  title: 'a flood of spoofed SYNs leaves clients alone',
  requirement:
    'While thousands of half-open connections fill the table, established connections are answered and new ones are served.',
  source: 'RFC 4987; ipvs-sysctl.rst, LVS defence strategies',
  needs: ['ipvs', 'director', 'inject', 'directClient'],
  stage: defended,
  mutants: [
    {
      id: 'thresholds',
      breaks: 'real servers with an upper threshold (-x 100), which half-open connections use up',
      change: thresholds,
      reason: /0 of 6 new connections were served/,
    },
  ],
  async observe({ lab }) {
    const scene = await sceneAt(lab, portOf.flooded);
    const [source = ''] = unusedSources(lab.spec, 8).slice(7);
    return withoutDrops(scene.director, async () => {
      const held = await scene.prober.hold(scene.target, { count: 2 * scene.service.realServers.length });
      const sending = flood(scene.clientHost, {
        ...sentFrom(source, scene),
        dstPort: portOf.flooded,
        fromPort: 10_000,
        count: syns,
      });
      const during = [...(await held.ask(10_000))];
      await sending;
      during.push(...(await held.ask(10_000)));
      const answers = await scene.prober.requests(scene.target, { count: fresh, timeoutMs: 5_000 });
      const entries = total(await entriesByState(scene.director, source, portOf.flooded));
      await held.close();
      return {
        syns,
        entries,
        held: held.answers.filter((answer) => answer.ok).length,
        during: serversIn(during),
        fresh,
        freshServed: answers.filter((answer) => answer.ok).length,
        freshSeen: serversIn(answers),
      };
    });
  },
  judge({ syns: sent, entries, held, during, fresh: n, freshServed, freshSeen }, { spec }) {
    const expected = `held connections answered by ${list(hostsOf(spec, 'realServer').map((host) => host.name))}, ${n} of ${n} new ones served`;
    if (held === 0) return inconclusive(expected, 'no connection was answered before the flood');
    if (entries === 0) return inconclusive(expected, `the flood of ${sent} SYNs left no entry`);
    const seen = `with ${entries} entries of ${sent} SYNs, held connections answered by ${during}; ${freshServed} of ${n} new connections were served (${freshSeen})`;
    if (!during.includes('?') && freshServed === n) return pass(expected, seen);
    return fail(expected, seen, {
      cause: during.includes('?')
        ? 'established connections are affected: their entries were dropped, or a host is out of memory'
        : 'half-open connections use up resources meant for clients: thresholds (-x), backlogs without SYN cookies',
      remedy: [
        ...on(everyHost(spec, 'director'), 'ipvsadm -Ln --thresholds'),
        ...on(everyHost(spec, 'realServer'), 'sysctl -w net.ipv4.tcp_syncookies=1'),
      ],
    });
  },
});
