import { check } from '../../../src/model/check.ts';
import { hostSpec } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector, holdersOf } from '../../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { advice, or } from '../../common/remedy.ts';
import { clientOf, list } from '../../common/subjects.ts';
import { otherDirectors } from '../outage/load.ts';
import { ownSynced } from './own.ts';
import { directorsOf } from './stage.ts';
import { type Said, saidBy, wordsOf } from './takeover.ts';
import { followed } from './vrrp.ts';
import { syncedByVrrp, withVrrp } from './vrrp-stage.ts';
import { knownOf } from './waiting.ts';

interface Returned {
  rebooted: string;
  newMaster: string;
  takenOver: boolean;
  /** Who had the VIP some seconds after the reboot. */
  holders: string[];
  /** Connections of which the rebooted director knew then. */
  known: number;
  /** The same idle connections: at first, on the new master, and after the return. */
  before: Said[];
  onNewMaster: Said[];
  after: Said[];
}

/** keepalived issues 237 and 1966; Linux ip_vs_sync.c: an entry is sent when its packets come, not when a backup does. */
export const returnSparesIdle = check<Returned>({
  id: 'SYN-10',
  suite: 'failover',
  level: 'should',
  title: 'idle connections survive the return of a director that was rebooted',
  requirement:
    'A director that comes back with an empty table does not take the VIP from the one that knows the connections: sync daemons never send idle ones again.',
  source: 'Linux ip_vs_sync.c; keepalived.conf(5) nopreempt, preempt_delay',
  needs: ['ipvs', 'directorPair', 'hostFault', 'severalRealServers'],
  stage: syncedByVrrp,
  own: ownSynced({ moved: 'vrrp' }),
  disturbs: true,
  mutants: [
    {
      id: 'preempts',
      breaks: 'the director of higher priority preempts as soon as it is back',
      change: withVrrp({ preempt: true }),
      reason: /reset reset reset.*\S+ has the VIP and knew of 0 of 3/,
    },
  ],
  async observe({ lab, evidence, note }) {
    const { vip, port } = directorsOf(lab.spec);
    const rebooted = await activeDirector(lab, vip);
    const [newMaster = ''] = otherDirectors(lab.spec, rebooted);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const held = await prober.hold({ ip: vip, port }, { count: 3 });
    try {
      const before = saidBy(held.answers);
      const wanted = before.map((one) => one.port);
      await knownOf(lab, hostSpec(lab.spec, newMaster), port, wanted);
      note(`${rebooted} loses its power`);
      const fault = await lab.faults.start({ kind: 'powerOff', host: rebooted, back: 'rebooted' });
      const takenOver = await followed(lab, newMaster);
      const onNewMaster = saidBy(await held.ask(4_000));
      note(`${rebooted} comes back`);
      await fault.revert();
      // It takes over if ever it does, or lets the time go by in which it would.
      await followed(lab, rebooted);
      const holders = await holdersOf(lab, vip);
      const known = await knownOf(lab, hostSpec(lab.spec, rebooted), port, wanted, 0);
      await evidence.save(`ipvs-${rebooted}.txt`, await ipvs.text(lab.host(rebooted)));
      const after = saidBy(await held.ask(4_000));
      return { rebooted, newMaster, takenOver, holders, known: known.length, before, onNewMaster, after };
    } finally {
      await held.close();
    }
  },
  judge({ rebooted, newMaster, takenOver, holders, known, before, onNewMaster, after }) {
    const expected = `idle connections are answered by the same real servers after the return of ${rebooted}`;
    const same = (said: Said[]) =>
      said.every(({ server }, i) => server !== undefined && server === before[i]?.server);
    if (before.length === 0 || !same(before)) return inconclusive(expected, `at first: ${wordsOf(before)}`);
    if (!takenOver || !same(onNewMaster))
      return inconclusive(
        expected,
        `${newMaster} did not carry them on (${wordsOf(onNewMaster)}), so there was nothing to lose: see SYN-01@vrrp`,
      );
    const seen = `${wordsOf(before)} before, ${wordsOf(after)} after; ${list(holders)} has the VIP and knew of ${holders.includes(newMaster) ? onNewMaster.length : known} of ${before.length}`;
    if (same(after)) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `${rebooted} took the VIP back with an empty table`,
      remedy: [
        ...advice('in keepalived.conf of both directors: nopreempt and state BACKUP'),
        ...or(advice('a preempt_delay longer than connections are idle')),
      ],
    });
  },
});
