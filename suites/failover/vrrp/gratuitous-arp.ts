import { check } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { clientKinds } from '../../../src/model/vantage.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { activeDirector, holdersOf, neighbour } from '../../../src/probe/neighbour.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { until } from '../../../src/util/until.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply, onDirectors } from '../../common/mutate.ts';
import { isPermanent, whyPinned } from '../../common/pinned.ts';
import { advice, deviceAt, on } from '../../common/remedy.ts';
import { gatewayOf, list, nameOfMac, serviceOf, targetOf } from '../../common/subjects.ts';
import { once } from '../../common/vantages.ts';
import { otherDirectors, pause } from '../outage/load.ts';
import { vrrpTimes } from './times.ts';

interface Announcement {
  vip: string;
  failed: string;
  newMaster: string | null;
  /** Gratuitous ARP frames for the VIP, by sender. */
  announcements: { mac: string; tUs: number; broadcast: boolean }[];
  neighbour: Entry;
  /** Those of the other kinds of client, or of their routers. */
  others?: Entry[];
}

interface Entry {
  requester: string;
  before: string | null;
  after: string | null;
  /** It was written there. */
  permanent?: true;
}

/** What each of them has for the VIP, as MAC and state. */
const entriesOf = (lab: Lab, requesters: string[], vip: string) =>
  Promise.all(requesters.map((name) => neighbour(lab.host(name), vip)));

const nameOf = (spec: LabSpec, mac: string | null, without: string): string =>
  mac === null ? without : nameOfMac(spec, mac);

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
  vantages: once('it takes a director down, and asks and looks from every kind of client meanwhile'),
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
    const clients = clientKinds(lab.spec);
    const requesters = clients.map((client) => gatewayOf(lab.spec, client).name);
    const failed = await activeDirector(lab, service.vip);
    const others = otherDirectors(lab.spec, failed);
    for (const { name } of clients)
      await (await proberOn(lab, name)).requests(targetOf(service), { count: 1 });
    const before = await entriesOf(lab, requesters, service.vip);
    const capture = await lab.capture({ filter: 'arp' });
    note(`stopping keepalived on ${failed}`);
    await lab.faults.signalDirector(failed, 'TERM');
    const newMaster = await until(
      `${list(others)} to take ${service.vip} over`,
      async () => (await holdersOf(lab, service.vip)).find((name) => others.includes(name)),
      { withinMs: vrrpTimes(lab.spec).masterDownMs + 3_000 },
    ).catch(() => null);
    await pause(700);
    const after = await entriesOf(lab, requesters, service.vip);
    const pcap = await capture.stop();
    await evidence.save('take-over-arp.pcap', pcap);
    const announcements = decodePcap(pcap).flatMap(({ src, dst, tUs, arp }) =>
      arp && arp.senderIp === service.vip && arp.targetIp === service.vip
        ? [{ mac: src, tUs, broadcast: dst === 'ff:ff:ff:ff:ff:ff' }]
        : [],
    );
    const [first, ...rest] = requesters.map(
      (requester, i): Entry => ({
        requester,
        before: before[i]?.mac ?? null,
        after: after[i]?.mac ?? null,
        ...(isPermanent(after[i]?.state ?? '') && { permanent: true }),
      }),
    );
    if (!first) throw new NotInLab(`lab «${lab.spec.name}» has no client`);
    return {
      ...{ vip: service.vip, failed, newMaster, announcements, neighbour: first },
      ...(rest.length > 0 && { others: rest }),
    };
  },
  judge({ vip, failed, newMaster, announcements, neighbour: first, others: rest = [] }, { spec }) {
    const others = list(otherDirectors(spec, failed));
    const entries = [first, ...rest];
    const requesters = list(entries.map(({ requester }) => requester));
    const expected = `gratuitous ARP from ${newMaster ?? others} for ${vip}; ${requesters} then ${rest.length > 0 ? 'have' : 'has'} its MAC`;
    if (newMaster === null) return inconclusive(expected, `no director took the VIP over from ${failed}`);
    const { mac } = hostSpec(spec, newMaster);
    const own = announcements.filter((one) => one.mac === mac && one.broadcast);
    const went = ({ requester, before, after }: Entry): string => {
      const from = hostsOf(spec, 'director').find((host) => host.mac === before)?.name ?? before ?? 'nobody';
      return `the entry of ${requester} went from ${from} to ${nameOf(spec, after, 'nobody')}`;
    };
    const seen = [
      `${own.length} gratuitous ARP frames from ${newMaster}`,
      ...entries.map((entry) => went(entry)),
    ].join('; ');
    if (own.length === 0)
      return fail(
        expected,
        [
          `no gratuitous ARP from ${newMaster}`,
          ...entries.map(
            ({ requester, after }) => `the entry of ${requester} is ${nameOf(spec, after, 'gone')}`,
          ),
        ].join('; '),
        {
          cause: `${newMaster} does not announce the VIP, or its announcement is filtered`,
          remedy: [
            ...on(newMaster, `tc filter show dev ${deviceAt(spec, newMaster)} egress`, 'nft list ruleset'),
            ...advice(`in keepalived.conf of ${newMaster}: garp_master_repeat 5`),
          ],
        },
      );
    const stale = entries.find(({ after }) => after !== mac);
    if (stale?.permanent && stale.after !== null)
      return fail(expected, seen, whyPinned(spec, { requester: stale.requester, vip, mac: stale.after }));
    if (stale)
      return fail(expected, seen, {
        cause: `${stale.requester} took no gratuitous ARP: a filter drops it there or on the way, or the entry was too fresh to change (locktime)`,
        remedy: on(stale.requester, `ip neigh flush to ${vip}`),
      });
    return pass(expected, seen);
  },
});
