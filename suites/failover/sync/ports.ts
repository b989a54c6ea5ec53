import { check } from '../../../src/model/check.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { on } from '../../common/remedy.ts';
import { clientOf, list } from '../../common/subjects.ts';
import { syncGroup, syncMessages } from './messages.ts';
import { namesOf } from './replicating.ts';
import { directorsOf, onDirector, ports, startDaemon, variants } from './stage.ts';
import { type Said, saidBy, wordsOf } from './takeover.ts';
import { knownOf } from './waiting.ts';

interface SyncPorts {
  before: Said[];
  known: number;
  /** Destination ports of the messages, and how many connections each told of. */
  told: { port: number; connections: number }[];
  versions: number[];
  /** What sync_ports said after it was set to 3 on the standby. */
  afterThree: string;
}

/** Linux ip_vs_ctl.c: proc_do_sync_ports() takes powers of two; each thread has a port of its own, from 8848 on. */
export const portsAlike = check<SyncPorts>({
  id: 'SYN-08',
  suite: 'failover',
  level: 'should',
  title: 'with sync_ports=2 on both directors messages go to two ports, and all arrive',
  requirement:
    'sync_ports is a power of two and the same on both directors: thread i uses UDP port 8848 + i, and what one does not listen on is lost. Messages have version 1.',
  source: 'ipvs-sysctl.rst sync_ports, sync_version',
  needs: ['capture', 'ipvs', 'director'],
  stage: variants,
  mutants: [
    {
      id: 'one-port-on-standby',
      breaks: 'the standby was started with sync_ports=1',
      change: onDirector(
        'standby',
        ({ standby }) =>
          `ipvsadm --stop-daemon backup; sysctl -qw net.ipv4.vs.sync_ports=1; ${startDaemon('backup', standby)}`,
      ),
      reason: /8849.*d2 does not listen on every port/,
    },
  ],
  async observe({ lab, evidence }) {
    const { vip, standby, active } = directorsOf(lab.spec);
    const client = clientOf(lab.spec);
    const prober = await proberOn(lab, client.name);
    const { stdout: afterThree } = await lab
      .host(standby.name)
      .exec(
        'f=/proc/sys/net/ipv4/vs/sync_ports; was=$(cat $f); echo 3 2>/dev/null >$f; cat $f; echo $was >$f',
      );
    const capture = await lab.capture({ filter: 'udp and dst net 224.0.0.0/8' });
    const held = await prober.hold({ ip: vip, port: ports.plain }, { count: 24 });
    try {
      const before = saidBy(held.answers);
      const wanted = before.map(({ port }) => port);
      const known = await knownOf(lab, standby, ports.plain, wanted);
      const pcap = await capture.stop();
      await evidence.save('sync.pcap', pcap);
      const messages = syncMessages(pcap).filter(({ sender }) => sender === active.mac);
      const told = [...new Set(messages.map(({ port }) => port))].sort().map((port) => {
        const records = messages.filter((one) => one.port === port).flatMap((one) => one.records);
        const own = records.filter(({ cip, cport }) => cip === client.ip && wanted.includes(cport));
        return { port, connections: new Set(own.map(({ cport }) => cport)).size };
      });
      return {
        before,
        known: known.length,
        told,
        versions: [...new Set(messages.map(({ version }) => version))],
        afterThree: afterThree.trim(),
      };
    } finally {
      await held.close();
    }
  },
  judge({ before, known, told, versions, afterThree }, { spec }) {
    const { active, standby } = namesOf(spec);
    const both = [syncGroup.port, syncGroup.port + 1];
    const expected = `${before.length} connections on ${standby}, told on ports ${list(both.map(String))} in version 1; sync_ports=3 refused`;
    if (before.some(({ server }) => server === undefined))
      return inconclusive(expected, `not all were answered: ${wordsOf(before)}`);
    if (told.filter(({ connections }) => connections > 0).length < 2 && known === before.length)
      return inconclusive(expected, 'the kernel gave all connections to one thread');
    const wire = told.map(({ port, connections }) => `${connections} on port ${port}`).join(', ');
    const seen = `told: ${wire || 'nothing'}, version ${list(versions.map(String))}; ${known} of ${before.length} on ${standby}; sync_ports there ${afterThree} after it was set to 3`;
    const pair = directorsOf(spec);
    const setPorts = 'sysctl -w net.ipv4.vs.sync_ports=2';
    const remedy = [
      ...on(active, 'ipvsadm --stop-daemon master', setPorts, startDaemon('master', pair.active)),
      ...on(standby, 'ipvsadm --stop-daemon backup', setPorts, startDaemon('backup', pair.standby)),
    ];
    if (told.some(({ port }) => !both.includes(port)) || versions.some((version) => version !== 1))
      return fail(expected, seen, { cause: `${active} sends to other ports, or in another version`, remedy });
    if (known < before.length)
      return fail(expected, seen, {
        cause: `${standby} does not listen on every port that ${active} sends to: sync_ports differ`,
        remedy,
      });
    if (afterThree === '3') return fail(expected, seen, { cause: `the kernel of ${standby} took 3`, remedy });
    return pass(expected, seen);
  },
});
