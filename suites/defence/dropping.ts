import { setTimeout as sleep } from 'node:timers/promises';
import { check } from '../../src/model/check.ts';
import { flood } from '../../src/probe/flood.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import { portOf, sceneAt } from '../common/tables.ts';
import { sentFrom, unusedSources } from '../common/unused-sources.ts';
import { defended, dropRate } from './stage.ts';

interface Dropping {
  sent: number;
  /** Which SYNs did not go on to a real server, by their place, from 0. */
  dropped: number[];
  /** ACKs of connections whose SYN went on, and how many of those went on too. */
  acks: number;
  acksForwarded: number;
}

const syns = 60;
const firstPort = 3_000;
/** Linux ip_vs_ctl.c, DEFENSE_TIMER_PERIOD: each second the kernel takes over what was set, and this is a little more. */
const defenceMs = 1_200;

/** ipvs-sysctl.rst says that 1/rate of the packets are dropped; only those that would be scheduled are counted. */
export const everyTenthDropped = check<Dropping>({
  id: 'DOS-01',
  suite: 'defence',
  level: 'should',
  title: 'drop_packet drops every tenth new connection, and nothing of those that exist',
  requirement:
    'With drop_packet=3 and am_droprate=10 exactly every tenth packet that opens a connection is dropped; packets of connections are not.',
  source: 'ipvs-sysctl.rst (drop_packet, am_droprate); Linux ip_vs_todrop()',
  needs: ['ipvs', 'director', 'capture', 'inject', 'directClient'],
  stage: defended,
  mutants: [
    {
      id: 'off',
      breaks: 'drop_packet=0 on the director',
      change: sysctls('director', { 'net.ipv4.vs.drop_packet': '0' }),
      reason: /0 of 60 SYNs were dropped/,
    },
    {
      id: 'other-rate',
      breaks: 'am_droprate=4 on the director',
      change: sysctls('director', { 'net.ipv4.vs.am_droprate': '4' }),
      reason: /every 4\b/,
    },
  ],
  async observe({ lab, evidence }) {
    const scene = await sceneAt(lab, portOf.dropped);
    const [source = ''] = unusedSources(lab.spec, 1);
    await sleep(defenceMs);
    const capture = await lab.capture({ filter: `tcp and src host ${source}` });
    await flood(scene.clientHost, {
      ...sentFrom(source, scene),
      dstPort: portOf.dropped,
      fromPort: firstPort,
      count: syns,
      segments: 'established',
      validChecksum: false,
    });
    const pcap = await capture.stop();
    await evidence.save('dropping.pcap', pcap);
    const frames = decodePcap(pcap).filter((frame) => frame.tcp);
    const ports = (mac: string, syn: boolean) =>
      frames
        .filter((frame) => frame.src === mac && frame.tcp?.flags.syn === syn)
        .map((frame) => frame.tcp?.srcPort ?? 0);
    const forwarded = new Set(ports(scene.directorSpec.mac, true));
    const sent = ports(scene.client.mac, true);
    const acks = ports(scene.client.mac, false).filter((port) => forwarded.has(port));
    return {
      sent: sent.length,
      dropped: sent.filter((port) => !forwarded.has(port)).map((port) => port - firstPort),
      acks: acks.length,
      acksForwarded: ports(scene.directorSpec.mac, false).filter((port) => forwarded.has(port)).length,
    };
  },
  judge({ sent, dropped, acks, acksForwarded }, { spec }) {
    const expected = `${syns / dropRate} of ${syns} SYNs dropped, every ${dropRate}th, and no ACK`;
    if (sent < syns) return inconclusive(expected, `only ${sent} of ${syns} SYNs were seen on the wire`);
    const went = sent - dropped.length;
    if (acks < went) return inconclusive(expected, `only ${acks} of ${went} ACKs were seen on the wire`);
    const steps = [...new Set(dropped.slice(1).map((place, i) => place - (dropped[i] ?? 0)))];
    const rhythm = steps.length > 0 ? `, every ${list(steps.map(String))}` : '';
    const seen = `${dropped.length} of ${sent} SYNs were dropped${rhythm}; ${acksForwarded} of ${acks} ACKs of the others went on`;
    if (acksForwarded < acks)
      return fail(expected, seen, {
        cause: 'packets of connections are dropped: not the defence, but a full queue or a filter',
        remedy: on(everyHost(spec, 'director'), 'tc -s qdisc show', 'iptables-legacy -S'),
      });
    if (dropped.length === syns / dropRate && steps.length === 1 && steps[0] === dropRate)
      return pass(expected, seen);
    return fail(expected, seen, {
      cause:
        dropped.length === 0 ? 'drop_packet is off' : `am_droprate is not ${dropRate}, or packets are lost`,
      remedy: on(
        everyHost(spec, 'director'),
        `sysctl -w net.ipv4.vs.am_droprate=${dropRate} net.ipv4.vs.drop_packet=3`,
      ),
    });
  },
});
