import { check } from '../../../src/model/check.ts';
import { destinationOf, entryOf } from '../../../src/model/ipvs-words.ts';
import { hostsOf, vipsOf } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { activeDirector, holdersOf } from '../../../src/probe/neighbour.ts';
import { until } from '../../../src/util/until.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
import { everyHost, on } from '../../common/remedy.ts';
import { clientOf, list, serviceOf, targetOf } from '../../common/subjects.ts';
import { otherDirectors } from '../outage/load.ts';
import { ownPair } from './own.ts';
import { plainPair } from './stage.ts';
import { vrrpTimes } from './times.ts';

interface Rotation {
  newMaster: string;
  taken: boolean;
  /** Names of the real servers that answered, before and after the failover; null: no answer. */
  before: (string | null)[];
  after: (string | null)[];
}

/** The position in the list is state of the scheduler, which no director tells another. */
export const rotationGoesOn = check<Rotation>({
  id: 'HA-14',
  suite: 'failover',
  level: 'should',
  title: 'after a failover rr goes on over the same real servers, from a place of its own',
  requirement:
    'The new director restarts its rotation, so a server may be one connection ahead; overall, connections stay equal.',
  source: 'Linux ip_vs_rr.c; ipvsadm(8)',
  needs: ['directorPair', 'directorFault', 'severalRealServers'],
  stage: plainPair,
  own: ownPair({ preempts: true, rotates: true }),
  mutants: [
    {
      id: 'fewer-servers',
      breaks: 'the backup director has lost a real server from its table',
      change: afterApply((spec) => {
        const service = serviceOf(spec, 'tcp', 'rr');
        const lost = destinationOf(spec, service, service.realServers[0]?.name ?? '');
        return `sleep 2; ip netns exec ${hostsOf(spec, 'director')[1]?.name} ipvsadm -d ${entryOf(service)} ${lost}`;
      }),
      reason: /0 to rs1.*other real servers/,
    },
  ],
  disturbs: true,
  async observe({ lab, note }) {
    const { spec } = lab;
    const service = serviceOf(spec, 'tcp', 'rr');
    const [vip = ''] = vipsOf(spec);
    const prober = await proberOn(lab, clientOf(spec).name);
    // One more than whole rounds, so that the rotation stands somewhere in the middle.
    const count = 2 * service.realServers.length;
    const answered = async (n: number) =>
      (await prober.requests(targetOf(service), { count: n })).map(
        ({ ok, server }) => (ok && server) || null,
      );
    const active = await activeDirector(lab, vip);
    const [newMaster = ''] = otherDirectors(spec, active);
    const before = await answered(count + 1);
    note(`stopping keepalived on ${active}`);
    await lab.faults.signalDirector(active, 'TERM');
    const taken = await until(
      `${newMaster} to take ${vip} over`,
      async () => (await holdersOf(lab, vip)).join() === newMaster || undefined,
      { withinMs: vrrpTimes(spec).masterDownMs + 3_000 },
    ).catch(() => false);
    return { newMaster, taken, before, after: await answered(count) };
  },
  judge({ newMaster, taken, before, after }, { spec }) {
    const names = serviceOf(spec, 'tcp', 'rr').realServers.map(({ name }) => name);
    const expected = `${after.length} connections by ${newMaster}, spread over ${list(names)} with a difference of at most 1`;
    if (!taken) return inconclusive(expected, `${newMaster} did not take over`);
    if ([...before, ...after].includes(null))
      return inconclusive(
        expected,
        `${[...before, ...after].filter((one) => one === null).length} connections failed`,
      );
    const of = (all: (string | null)[]) => names.map((name) => all.filter((one) => one === name).length);
    const counts = of(after);
    const seen = `${names.map((name, i) => `${counts[i]} to ${name}`).join(', ')} after ${before.at(-1)} was last before it; the first was ${after[0]}`;
    if (Math.max(...counts) - Math.min(...counts) <= 1) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `${newMaster} has other real servers or other weights than the director before it`,
      remedy: on(everyHost(spec, 'director'), 'ipvsadm -Sn'),
    });
  },
});
