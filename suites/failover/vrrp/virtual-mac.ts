import { check } from '../../../src/model/check.ts';
import { hostsOf, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { services, stage, withSysctls } from '../../common/stages.ts';
import { list } from '../../common/subjects.ts';
import { judgeOutage } from '../outage/judge.ts';
import { goodAtTheEnd, otherDirectors, pause } from '../outage/load.ts';
import { type PairRecord, PairWatch } from '../outage/pair-watch.ts';
import { ownPair } from './own.ts';
import { vrrpPair } from './stage.ts';
import { vrrpTimes } from './times.ts';

/*
 *   c1: VIP is at 00:00:5e:00:01:33        before and after
 *   switch: 00:00:5e:00:01:33 is at the port of d1 ──▶ at that of d2
 */

interface VirtualMac {
  failed: string;
  newMaster: string;
  taken: boolean;
  /** Frames to the virtual MAC that came out of the switch at each of them, after the take-over had settled. */
  arrived: { host: string; frames: number }[];
  record: PairRecord;
}

/** RFC 9568 §7.3: 00-00-5E-00-01-{VRID}. */
const virtualMac = ({ director: { vrrp } }: LabSpec): string =>
  `00:00:5e:00:01:${(vrrp?.virtualRouterId ?? 0).toString(16).padStart(2, '0')}`;

/**
 * The last frames of the leaving director from the virtual MAC bring the switch back to its port, until the next
 * advertisement of the new one: two intervals, and a little.
 */
const settleMs = ({ director: { vrrp } }: LabSpec): number => 2 * (vrrp?.advertMs ?? 1_000) + littleMs;
const littleMs = 300;

/**
 * A reset or an ICMP error of the director has the VIP as its source and leaves by eth0; the request for the client’s
 * MAC address that goes before it would tell everybody that the VIP is at eth0.
 */
const announcing = (value: '0' | '2') => withSysctls('director', { 'net.ipv4.conf.all.arp_announce': value });

export const virtualMacMoves = check<VirtualMac>({
  id: 'HA-13',
  suite: 'failover',
  level: 'should',
  title: 'virtual MAC: no neighbour entry changes, and switches learn where it is (TOP-04)',
  requirement:
    'With use_vmac the VIP stays at 00:00:5e:00:01:VRID over a take-over, and frames for it come out at the port of the new director, no longer at the old one’s, and nowhere else.',
  source: 'RFC 9568 §7.3, §8.1.2; keepalived NOTE_vrrp_vmac; keepalived #1510',
  needs: ['capture', 'directorPair', 'directorFault'],
  stage: stage(
    'vrrp-vmac',
    'two directors with keepalived whose VIP has the MAC address of the virtual router, and arp_announce=2',
    services({ port: 80 }, { port: 53, protocol: 'udp' }),
    vrrpPair({ virtualMac: true }),
    announcing('2'),
  ),
  own: ownPair({ virtualMac: true }),
  mutants: [
    {
      id: 'arp-announce-off',
      breaks:
        'arp_announce=0: the new director asks for a client in the name of the VIP, with the MAC address of eth0',
      change: announcing('0'),
      reason: /c1 had \S+ at 02:.*arp_announce/,
    },
    {
      id: 'own-macs',
      breaks: 'no use_vmac: each director answers with a MAC address of its own',
      change: (spec) => {
        const { vrrp } = spec.director;
        if (!vrrp) throw new NotInLab(`lab «${spec.name}» has no VRRP`);
        return { ...spec, director: { ...spec.director, vrrp: { ...vrrp, virtualMac: false } } };
      },
      reason: /c1 had \S+ at 02:.*use_vmac/,
    },
    {
      id: 'pinned',
      breaks: 'the switch has the virtual MAC pinned to the port of the first director',
      change: afterApply((spec) => {
        const first = hostsOf(spec, 'director')[0]?.name;
        return `index=$(ip -n ${first} -o link show dev eth0 | sed "s/.*eth0@if\\([0-9]*\\):.*/\\1/")
port=$(ip -n switch -o link show | sed -n "s/^$index: \\([^@:]*\\).*/\\1/p")
ip netns exec switch bridge fdb replace ${virtualMac(spec)} dev $port master static sticky`;
      }),
      reason: /frames came out at \S+.*forwarding table/,
    },
  ],
  disturbs: true,
  async observe({ lab, evidence, note }) {
    const { spec } = lab;
    const failed = await activeDirector(lab, vipsOf(spec)[0] ?? '');
    const [newMaster = ''] = otherDirectors(spec, failed);
    const bystander = hostsOf(spec, 'realServer')[0]?.name ?? '';
    const watch = await PairWatch.start(lab, { load: true });
    const filter = `ether dst ${virtualMac(spec)} and tcp`;
    const ports = [failed, newMaster, bystander];
    note(`stopping keepalived on ${failed}`);
    await watch.act('fault', () => lab.faults.signalDirector(failed, 'TERM'));
    const taken = await watch.untilHeldBy([newMaster], vrrpTimes(spec).masterDownMs + 3_000);
    await pause(settleMs(spec));
    const captures = await Promise.all(ports.map((at) => lab.capture({ filter, at })));
    await pause(1_500);
    const pcaps = await Promise.all(captures.map((one) => one.stop()));
    const { record, pcap } = await watch.stop();
    await evidence.save('arp.pcap', pcap);
    const arrived = ports.map((host, i) => ({
      host,
      frames: decodePcap(pcaps[i] ?? new Uint8Array()).length,
    }));
    return { failed, newMaster, taken, arrived, record };
  },
  judge({ failed, newMaster, taken, arrived, record }, { spec }) {
    const { vip, neighbourEntries, load } = record;
    const mac = virtualMac(spec);
    const expected = `${vip} is at ${mac} all along; after the take-over its frames come out at ${newMaster} alone`;
    return judgeOutage({
      expected,
      fault: { happened: taken, sentence: `${newMaster} did not take over from ${failed}` },
      load,
      lateMs: record.slipMs,
      slackMs: littleMs,
      title: `${failed} leaves`,
      verdict({ fresh }) {
        const figures = [
          {
            name: 'outage of new connections',
            value: Math.round(fresh.outage.contiguousMs),
            unit: 'ms',
            better: 'lower' as const,
          },
        ];
        const others = neighbourEntries.filter((one) => one.mac !== null && one.mac !== mac);
        if (others.length > 0)
          return fail(expected, `${list(others.map(({ host, mac: at }) => `${host} had ${vip} at ${at}`))}`, {
            cause: `no use_vmac on ${failed} and ${newMaster}; or arp_announce is not 2, and ${newMaster} asks for clients in the name of ${vip} from eth0`,
            remedy: [
              ...on([failed, newMaster], 'sysctl -w net.ipv4.conf.all.arp_announce=2'),
              ...advice('in keepalived.conf: use_vmac'),
            ],
            figures,
          });
        const astray = arrived.filter(({ host, frames }) => host !== newMaster && frames > 0);
        const seen = arrived.map(({ host, frames }) => `${frames} frames came out at ${host}`).join(', ');
        if (astray.length > 0 || !goodAtTheEnd(fresh))
          return fail(expected, seen, {
            cause: `the forwarding table of the switch still has ${mac} elsewhere than at the port of ${newMaster}: pinned, or ${newMaster} sends nothing from it`,
            remedy: advice(
              `look up ${mac} in the forwarding table of the switch (bridge fdb show); in keepalived.conf of ${newMaster}: garp_master_refresh 60`,
            ),
            figures,
          });
        const frames = arrived.find(({ host }) => host === newMaster)?.frames ?? 0;
        if (frames === 0) return inconclusive(expected, `no frame to ${mac} was seen anywhere`);
        return pass(expected, `${vip} stayed at ${mac}; ${seen}`, { figures });
      },
    });
  },
});
