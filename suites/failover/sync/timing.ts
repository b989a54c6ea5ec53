import { check } from '../../../src/model/check.ts';
import type { LabSpec } from '../../../src/model/spec.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { on } from '../../common/remedy.ts';
import { ownSynced } from './own.ts';
import { namesOf, type Replicated, replicated } from './replicating.ts';
import { type Directors, onBoth, onDirector, synced } from './stage.ts';

/** IPVS_SYNC_FLUSH_TIME 2 s, IPVS_SYNC_CHECK_PERIOD 1 s, and a second for a busy machine. */
const limitMs = 4_000;

/** Only what the daemons send goes through a queue that holds it for three seconds. */
const late = onDirector(
  'active',
  ({
    active: { device = 'eth0' },
  }: Directors) => `tc qdisc add dev ${device} root handle 1: prio bands 4 priomap 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
tc qdisc add dev ${device} parent 1:4 netem delay 3s
tc filter add dev ${device} parent 1: protocol ip u32 match ip dst 224.0.0.81/32 flowid 1:4`,
);

export const inTime = check<Replicated>({
  id: 'SYN-02',
  suite: 'failover',
  level: 'must',
  title: 'a connection is on the other director 2 to 3 s after its third packet',
  requirement:
    'The master daemon sends what it has gathered after at most 3 s, and the entry is on the backup with the message. What is younger is lost in a failover.',
  source: 'Linux ip_vs_sync.c: IPVS_SYNC_FLUSH_TIME 2 s, IPVS_SYNC_CHECK_PERIOD 1 s',
  needs: ['capture', 'inject', 'ipvs', 'director'],
  stage: synced,
  own: ownSynced({ moved: 'either' }),
  mutants: [
    {
      id: 'late',
      breaks: 'sync messages are held back for 3 s on their way out of the active director',
      change: late,
      reason: /later than 4000 ms.*on their way out of \S+/,
    },
    {
      id: 'firewall',
      breaks: 'the firewall of the standby drops UDP port 8848',
      change: onDirector('standby', 'iptables-legacy -w -I INPUT -p udp --dport 8848 -j DROP'),
      reason: /3 were told on the wire.*0 are on \S+; \S+ does not hear/,
    },
  ],
  observe: replicated,
  judge({ talking, before, daemons, pair }, { spec }) {
    const { active, standby } = namesOf(spec, pair);
    const expected = `${talking.length} connections on ${standby}, told within ${limitMs} ms of their third packet`;
    if (talking.length === 0 || before.some(({ server }) => server === undefined))
      return inconclusive(expected, 'not all connections were answered');
    if (talking.some(({ packets }) => packets < 3))
      return inconclusive(expected, 'the capture has not all packets of the client');
    const tookMs = talking.flatMap(({ afterMs }) => afterMs ?? []);
    const there = talking.filter(({ onStandby }) => onStandby).length;
    const seen = `${tookMs.length} were told on the wire, ${tookMs.length === 0 ? 'none' : `after ${tookMs.join(', ')} ms`}; ${there} are on ${standby}`;
    const figures = tookMs.slice(0, 1).map(() => ({
      name: 'third packet to sync message',
      value: Math.max(...tookMs),
      unit: 'ms',
      better: 'lower' as const,
    }));
    if (tookMs.length === talking.length && Math.max(...tookMs) > limitMs)
      return fail(expected, `${seen}: later than ${limitMs} ms`, {
        cause: `sync messages are delayed on their way out of ${active}`,
        remedy: on(active, 'tc -s qdisc show', 'ip -s link show'),
        figures,
      });
    if (tookMs.length < talking.length)
      return fail(expected, seen, {
        cause: `${active} does not tell of its connections: it runs ${daemons.active}`,
        remedy: on(active, 'ipvsadm -L --daemon', 'sysctl net.ipv4.vs.sync_threshold'),
      });
    if (there < talking.length)
      return fail(expected, seen, {
        cause: `${standby} does not hear or does not take the messages: a firewall, another sync id, ${daemons.standby}`,
        remedy: on(
          standby,
          'ipvsadm -L --daemon',
          'iptables -I INPUT -p udp -d 224.0.0.81 --dport 8848 -j ACCEPT',
        ),
      });
    return pass(expected, seen, { figures });
  },
});

const threshold = (value: string): ((spec: LabSpec) => LabSpec) =>
  onBoth(`sysctl -qw net.ipv4.vs.sync_threshold="${value}"`);

export const fromTheThird = check<Replicated>({
  id: 'SYN-03',
  suite: 'failover',
  level: 'must',
  title: 'an entry is synchronised from its third packet on, and not before',
  requirement:
    'With sync_threshold 3 50 a connection of three or more packets is synchronised to the backup; one of SYN and ACK alone is not, and does not survive.',
  source: 'ipvs-sysctl.rst sync_threshold; Linux ip_vs_sync_conn_needed()',
  needs: ['capture', 'inject', 'ipvs', 'director'],
  stage: synced,
  own: ownSynced({ moved: 'either' }),
  mutants: [
    {
      id: 'threshold-40',
      breaks: 'sync_threshold 40 50: only the fortieth packet counts',
      change: threshold('40 50'),
      reason: /0 of 3 connections of 4 packets.*sync_threshold of \S+ is 40 50/,
    },
    {
      id: 'threshold-2',
      breaks: 'sync_threshold 2 50: the handshake alone fills the backup with entries',
      change: threshold('2 50'),
      reason: /2 of 2 of SYN and ACK on \S+.*sync_threshold of \S+ is 2 50/,
    },
  ],
  observe: replicated,
  judge({ talking, silent, silentAfter, threshold: set, pair }, { spec }) {
    const { active, standby } = namesOf(spec, pair);
    const expected = `all of ${talking.length} connections of 3 packets and more on ${standby}, 0 of ${silent.length} of SYN and ACK, which are lost`;
    if (silent.length === 0 || silent.some(({ packets }) => packets !== 2))
      return inconclusive(expected, 'the silent connections did not come about with SYN and ACK alone');
    if (talking.length === 0 || talking.some(({ packets }) => packets < 3))
      return inconclusive(expected, 'the talking connections did not come about');
    const [talked, kept] = [talking, silent].map((all) => all.filter(({ onStandby }) => onStandby).length);
    const most = Math.max(...talking.map(({ packets }) => packets));
    const seen = `${talked} of ${talking.length} connections of ${most} packets and ${kept} of ${silent.length} of SYN and ACK on ${standby}${silentAfter.length > 0 ? `; the latter after the failover: ${silentAfter.join(' ')}` : ''}`;
    if (talked === talking.length && kept === 0 && !silentAfter.includes('answered'))
      return pass(expected, seen);
    return fail(expected, seen, {
      cause: `sync_threshold of ${active} is ${set}, or the daemons do not work (SYN-01)`,
      remedy: on(active, 'sysctl -w net.ipv4.vs.sync_threshold="3 50"'),
    });
  },
});
