import { check } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { type Held, proberOn } from '../../../src/probe/client/prober.ts';
import { readPcap } from '../../../src/probe/pcap.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { on } from '../../common/remedy.ts';
import { clientOf } from '../../common/subjects.ts';
import { syncMessages } from './messages.ts';
import { ownSynced } from './own.ts';
import { namesOf } from './replicating.ts';
import { directorsOf, onDirector, synced } from './stage.ts';
import { type Said, saidBy, takenOver, wordsOf } from './takeover.ts';
import { knownOf } from './waiting.ts';

/** One busy connection: how much of it the director forwarded, and how often it told of it. */
interface Busy {
  packets: number;
  records: number;
}

interface Volume {
  /** With the lab's own sync_threshold. */
  plain: Busy;
  /** With sync_refresh_period as well. */
  refreshed: Busy;
  before: Said[];
  after: Said[];
}

const requests = 120;

/** The default of the second part of sync_threshold: told again after so many packets. */
const periodPackets = 50;

const refreshPeriod = (lab: Lab, seconds: number) =>
  lab
    .host(directorsOf(lab.spec).active.name)
    .exec(`exec sysctl -qw net.ipv4.vs.sync_refresh_period=${seconds}`);

/** Linux ip_vs_sync_conn_needed(). */
export const seldomTold = check<Volume>({
  id: 'SYN-07',
  suite: 'failover',
  level: 'should',
  title: 'a busy connection is synchronised once in 50 packets, with sync_refresh_period once',
  requirement:
    'Synchronisation costs one record in 50 packets of a connection; sync_refresh_period lowers that to one until its timer has changed much, and connections survive all the same.',
  source: 'ipvs-sysctl.rst sync_threshold, sync_refresh_period, sync_retries',
  needs: ['capture', 'inject', 'ipvs', 'director'],
  stage: synced,
  own: ownSynced({ moved: 'hand', disturbs: true }),
  mutants: [
    {
      id: 'every-packet',
      breaks: 'sync_threshold 0 1: a record for every packet',
      change: onDirector('active', 'sysctl -qw net.ipv4.vs.sync_threshold="0 1"'),
      reason: /more than one record in 50 packets.*sync_threshold of \S+/,
    },
  ],
  async observe({ lab, evidence }) {
    const { vip, port, active, standby } = directorsOf(lab.spec);
    const client = clientOf(lab.spec);
    const target = { ip: vip, port };
    const prober = await proberOn(lab, client.name);
    const capture = await lab.capture({
      filter: `(udp and dst net 224.0.0.0/8) or (tcp and dst host ${vip} and dst port ${port})`,
    });
    const all: Held[] = [];
    const busy = async (): Promise<number> => {
      const held = await prober.hold(target, { count: 1 });
      all.push(held);
      for (let i = 0; i < requests; i += 1) await held.ask();
      return held.answers[0]?.localPort ?? 0;
    };
    try {
      const plain = await busy();
      // A day: longer than any timer of IPVS, so that only the half of the timer counts.
      await refreshPeriod(lab, 86_400);
      const refreshed = await busy();
      // When this one has arrived, all that was to be told of the others has been sent before.
      const last = await prober.hold(target, { count: 1 });
      all.push(last);
      await knownOf(lab, standby, port, [last.answers[0]?.localPort ?? 0]);
      const pcap = await capture.stop();
      await evidence.save('sync.pcap', pcap);
      const before = saidBy(all.flatMap(({ answers }) => answers));
      const after = await takenOver(lab, async () =>
        saidBy((await Promise.all(all.map((held) => held.ask()))).flat()),
      );
      const busyOf = (cport: number): Busy => ({
        packets: readPcap(pcap).filter(
          ({ frame }) =>
            frame.ip?.src === client.ip && frame.tcp?.srcPort === cport && frame.src !== active.mac,
        ).length,
        records: syncMessages(pcap)
          .flatMap(({ records }) => records)
          .filter((one) => one.cip === client.ip && one.cport === cport).length,
      });
      return { plain: busyOf(plain), refreshed: busyOf(refreshed), before, after };
    } finally {
      await refreshPeriod(lab, 0);
      for (const held of all) await held.close();
    }
  },
  judge({ plain, refreshed, before, after }, { spec }) {
    const { active, standby } = namesOf(spec);
    const most = Math.ceil(plain.packets / periodPackets);
    const expected = `at most ${most} records for ${plain.packets} packets, fewer with sync_refresh_period, and all connections survive`;
    if (plain.packets < 2 * periodPackets || refreshed.packets < 2 * periodPackets)
      return inconclusive(expected, `only ${plain.packets} and ${refreshed.packets} packets were seen`);
    if (before.some(({ server }) => server === undefined))
      return inconclusive(expected, `before the failover: ${wordsOf(before)}`);
    const seen = `${plain.records} records for ${plain.packets} packets, with sync_refresh_period ${refreshed.records} for ${refreshed.packets}; ${wordsOf(before)} before, ${wordsOf(after)} after`;
    const figures = [
      {
        name: 'sync records per 1000 packets',
        value: Math.round((1000 * plain.records) / plain.packets),
        unit: 'records',
        better: 'lower' as const,
      },
    ];
    const remedy = on(
      active,
      'sysctl -w net.ipv4.vs.sync_threshold="3 50" net.ipv4.vs.sync_refresh_period=10',
    );
    if (plain.records > most)
      return fail(expected, `${seen}: more than one record in ${periodPackets} packets`, {
        cause: `the period in sync_threshold of ${active} is short`,
        remedy,
        figures,
      });
    if (plain.records === 0 || after.some(({ server }, i) => server !== before[i]?.server))
      return fail(expected, seen, {
        cause: `connections are not synchronised between ${active} and ${standby} (SYN-01)`,
        remedy,
        figures,
      });
    if (refreshed.records >= 1 && refreshed.records < plain.records) return pass(expected, seen, { figures });
    return fail(expected, seen, { cause: `sync_refresh_period has no effect on ${active}`, remedy, figures });
  },
});
