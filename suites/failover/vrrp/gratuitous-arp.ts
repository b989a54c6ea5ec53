import { check } from '../../../src/model/check.ts';
import { hostSpec, hostsOf, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { activeDirector, holdersOf, neighbour } from '../../../src/probe/neighbour.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { until } from '../../../src/util/until.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply, onDirectors } from '../../common/mutate.ts';
import { advice, deviceAt, on } from '../../common/remedy.ts';
import { clientOf, gatewayOf, list, nameOfMac, serviceOf, targetOf } from '../../common/subjects.ts';
import { once } from '../../common/vantages.ts';
import { otherDirectors, pause } from '../outage/load.ts';
import { vrrpTimes } from './times.ts';

interface Announcement {
  vip: string;
  failed: string;
  newMaster: string | null;
  /** Gratuitous ARP frames for the VIP, by sender. */
  announcements: { mac: string; tUs: number; broadcast: boolean }[];
  neighbour: { requester: string; before: string | null; after: string | null };
}

/** Matches the VIP as sender (byte 14) and as target (byte 24) of an ARP frame, by halves since u32 aligns. */
function gratuitous(vip: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = vip.split('.').map(Number);
  const halves = [(a << 8) | b, (c << 8) | d].map((half) => `0x${half.toString(16)} 0xffff`);
  return [14, 24].flatMap((at) => halves.map((half, i) => `match u16 ${half} at ${at + 2 * i}`)).join(' ');
}

const dropping = (spec: LabSpec): string =>
  [
    'tc qdisc add dev eth0 clsact',
    ...vipsOf(spec).map(
      (vip) => `tc filter add dev eth0 egress protocol arp u32 ${gratuitous(vip)} action drop`,
    ),
  ].join('\n');

/** From the first or second director nothing announces the VIP any more; it still answers who asks. */
export const unannounced = (place: 0 | 1) =>
  afterApply((spec) => `ip netns exec ${hostsOf(spec, 'director')[place]?.name} sh -ec '${dropping(spec)}'`);

/** RFC 9568 §6.4.2: the new active router sends gratuitous ARP; RFC 5227 §3 on announcements. */
export const takeOverIsAnnounced = check<Announcement>({
  id: 'ARP-09',
  suite: 'failover',
  level: 'must',
  title: 'a take-over is announced by gratuitous ARP, and neighbours follow',
  requirement:
    'The new holder broadcasts gratuitous ARP for the VIP, and the client’s neighbour entry becomes its MAC.',
  source: 'RFC 9568 §6.4.2; RFC 5227 §3; keepalived.conf(5) garp_master_*',
  needs: ['capture', 'directorPair', 'directorFault'],
  vantages: once('it takes a director down'),
  presumes: [],
  follows: ['vipAtDirector'],
  mutants: [
    {
      id: 'gratuitous-arp-lost',
      breaks: 'gratuitous ARP for the VIP does not get out of the directors',
      change: onDirectors(dropping),
      reason: /no gratuitous ARP/,
    },
  ],
  disturbs: true,
  async observe({ lab, evidence, note }) {
    const service = serviceOf(lab.spec, 'tcp');
    const client = clientOf(lab.spec);
    const requester = gatewayOf(lab.spec, client).name;
    const failed = await activeDirector(lab, service.vip);
    const others = otherDirectors(lab.spec, failed);
    const prober = await proberOn(lab, client.name);
    await prober.requests(targetOf(service), { count: 1 });
    const before = await neighbour(lab.host(requester), service.vip);
    const capture = await lab.capture({ filter: 'arp' });
    note(`stopping keepalived on ${failed}`);
    await lab.faults.signalDirector(failed, 'TERM');
    const newMaster = await until(
      `${list(others)} to take ${service.vip} over`,
      async () => (await holdersOf(lab, service.vip)).find((name) => others.includes(name)),
      { withinMs: vrrpTimes(lab.spec).masterDownMs + 3_000 },
    ).catch(() => null);
    await pause(700);
    const after = await neighbour(lab.host(requester), service.vip);
    const pcap = await capture.stop();
    await evidence.save('take-over-arp.pcap', pcap);
    const announcements = decodePcap(pcap).flatMap(({ src, dst, tUs, arp }) =>
      arp && arp.senderIp === service.vip && arp.targetIp === service.vip
        ? [{ mac: src, tUs, broadcast: dst === 'ff:ff:ff:ff:ff:ff' }]
        : [],
    );
    return {
      vip: service.vip,
      failed,
      newMaster,
      announcements,
      neighbour: { requester, before: before?.mac ?? null, after: after?.mac ?? null },
    };
  },
  judge({ vip, failed, newMaster, announcements, neighbour: entry }, { spec }) {
    const others = list(otherDirectors(spec, failed));
    const expected = `gratuitous ARP from ${newMaster ?? others} for ${vip}; ${entry.requester} then has its MAC`;
    if (newMaster === null) return inconclusive(expected, `no director took the VIP over from ${failed}`);
    const { mac } = hostSpec(spec, newMaster);
    const own = announcements.filter((one) => one.mac === mac && one.broadcast);
    const before =
      hostsOf(spec, 'director').find((host) => host.mac === entry.before)?.name ?? entry.before ?? 'nobody';
    const seen = `${own.length} gratuitous ARP frames from ${newMaster}; the entry of ${entry.requester} went from ${before} to ${entry.after === null ? 'nobody' : nameOfMac(spec, entry.after)}`;
    if (own.length === 0)
      return fail(
        expected,
        `no gratuitous ARP from ${newMaster}; the entry of ${entry.requester} is ${entry.after === null ? 'gone' : nameOfMac(spec, entry.after)}`,
        {
          cause: `${newMaster} does not announce the VIP, or its announcement is filtered`,
          remedy: [
            ...on(newMaster, `tc filter show dev ${deviceAt(spec, newMaster)} egress`, 'nft list ruleset'),
            ...advice(`in keepalived.conf of ${newMaster}: garp_master_repeat 5`),
          ],
        },
      );
    if (entry.after !== mac)
      return fail(expected, seen, {
        cause: `${entry.requester} ignores gratuitous ARP: a permanent entry, or a filter`,
        remedy: on(entry.requester, `ip neigh flush to ${vip}`),
      });
    return pass(expected, seen);
  },
});
