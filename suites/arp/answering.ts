import { check } from '../../src/model/check.ts';
import { hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { whoHas } from '../../src/probe/arp.ts';
import { holdersOf } from '../../src/probe/neighbour.ts';
import { onDirectorsElsewhere, routerIn } from '../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { type DaemonAway, daemonsAway } from '../common/looking/daemons.ts';
import type { Why } from '../common/looking/look.ts';
import { advice, everyHost, filtersOn, on, toTellApart } from '../common/remedy.ts';
import { hostOfMac, list, longestRoundTripMs, nameOfMac, observerOf } from '../common/subjects.ts';
import { everyClient } from '../common/vantages.ts';
import { type Answerer, answererOn, whyAnswering } from './answerer.ts';
import { whyNotOne } from './holding.ts';
import { answersLate, type LateAnswer, lateAnswers, whyLate } from './late.ts';
import { answeringMutants, dropArpOf } from './mutants.ts';

/*
 *   client ──who-has VIP?──▶ switch ─┬─ director (VIP on eth0)    must answer, alone
 *                                    ├─ rs1      (VIP on lo)      must stay silent
 *                                    └─ rs2      (VIP on lo)      must stay silent
 */

interface Answering {
  vips: {
    vip: string;
    asked: number;
    repliers: string[];
    holders: string[];
    /** Where nobody answered in time. */
    late?: LateAnswer;
  }[];
  /** Of hosts of the lab that answer and are no directors. */
  settings: Answerer[];
  /** Where not exactly one director answers: daemons of the directors that do not work. */
  away?: DaemonAway[];
}

const answerersOf = ({ repliers, late }: Answering['vips'][number]): string[] =>
  late ? [...repliers, late.mac] : repliers;

/**
 * RFC 826; ip-sysctl.rst arp_ignore: the value 1 replies only if the target address is configured on the
 * incoming interface, so that a VIP on `lo` stays silent.
 */
export const oneMacAnswers = check<Answering>({
  id: 'ARP-01',
  suite: 'arp',
  level: 'must',
  title: 'exactly one MAC answers for the VIP',
  requirement: 'Of all hosts on the segment only the active director answers an ARP request for the VIP.',
  source: 'RFC 826; Linux ip-sysctl.rst (arp_ignore)',
  needs: ['capture', 'inject', 'director'],
  vantages: everyClient,
  follows: ['vipAtDirector'],
  establishes: ['vipAtDirector'],
  mutants: [
    ...answeringMutants,
    onDirectorsElsewhere(
      {
        id: 'router-not-answered',
        breaks: 'the director drops the ARP requests of the router',
        reason: /none answered for .*d1 has .* and does not answer ARP/,
      },
      (spec) => dropArpOf(routerIn(spec).ip),
    ),
  ],
  async observe({ lab, evidence }) {
    const observer = observerOf(lab.spec).name;
    const vips: Answering['vips'] = [];
    for (const vip of vipsOf(lab.spec)) {
      const waitMs = 500 + longestRoundTripMs(lab.spec);
      const { replies, asked, pcap } = await whoHas(lab, observer, vip, { waitMs });
      await evidence.save(`who-has-${vip}.pcap`, pcap);
      vips.push({
        vip,
        asked,
        repliers: [...new Set(replies.map((reply) => reply.senderMac))],
        holders: await holdersOf(lab, vip),
      });
    }
    const silent = vips.flatMap(({ vip, repliers }) => (repliers.length === 0 ? [vip] : []));
    const late = await lateAnswers(lab, observer, silent);
    for (const one of vips) Object.assign(one, late.has(one.vip) && { late: late.get(one.vip) });
    const answering = new Set(vips.flatMap(answerersOf));
    const offenders = lab.spec.hosts.filter(({ role, mac }) => role !== 'director' && answering.has(mac));
    const settings = await Promise.all(offenders.map(({ name }) => answererOn(lab, name)));
    const away = vips.every((one) => answerersOf(one).length === 1) ? [] : await daemonsAway(lab);
    return { vips, settings, ...(away.length > 0 && { away }) };
  },
  judge({ vips, settings, away = [] }, { spec }) {
    const directors = new Map(hostsOf(spec, 'director').map((host) => [host.mac, host.name]));
    const expected = vips.map(({ vip, holders }) => `only ${list(holders)} answers for ${vip}`).join('; ');
    if (vips.length === 0 || vips.some((one) => one.asked === 0))
      return inconclusive(expected, 'no ARP request of ours was seen on the wire');
    const seen = vips
      .map(({ vip, asked, repliers, late }) => {
        if (late) return `${answersLate(nameOfMac(spec, late.mac), late)}, for ${vip}`;
        const who = list(repliers.map((mac) => nameOfMac(spec, mac)));
        return `${who} answered for ${vip} (asked ${asked} times)`;
      })
      .join('; ');
    const isRight = (one: Answering['vips'][number]): boolean => {
      const [mac = '', ...others] = answerersOf(one);
      return others.length === 0 && directors.has(mac);
    };
    const bad = vips.filter((one) => !isRight(one));
    const late = vips.flatMap((one) => (one.late ? (directors.get(one.late.mac) ?? []) : []));
    // It answers, and alone: that it takes its time is no reason for others to do without it.
    if (bad.length === 0 && late.length > 0) return fail(expected, seen, whyLate(late));
    if (bad.length === 0) return pass(expected, seen);
    const strangers = settings.map(({ host }) => host);
    const hosts = strangers.length > 0 ? strangers : bad.flatMap((one) => namesOf(spec, one));
    return {
      ...fail(expected, seen, explain(spec, bad, { settings, away })),
      refutes: [{ precondition: 'vipAtDirector', hosts: [...new Set(hosts)] }],
    };
  },
});

/** Who answers, or who should. */
const namesOf = (spec: LabSpec, one: Answering['vips'][number]): string[] => {
  const { holders } = one;
  const answerers = answerersOf(one);
  if (answerers.length > 0) return answerers.flatMap((mac) => hostOfMac(spec, mac)?.name ?? []);
  return holders.length > 0 ? holders : hostsOf(spec, 'director').map(({ name }) => name);
};

function explain(
  spec: LabSpec,
  bad: Answering['vips'],
  { settings, away }: { settings: Answerer[]; away: DaemonAway[] },
): Why {
  const [{ vip, repliers, holders } = { vip: '', repliers: [], holders: [] }] = bad;
  if (settings.length > 0) return whyAnswering(spec, vip, settings);
  const unknown = bad.flatMap(answerersOf).filter((mac) => !hostOfMac(spec, mac));
  if (unknown.length > 0)
    return {
      cause: `a host outside the lab owns the VIP: ${list(unknown)}`,
      remedy: advice(`find the host with the MAC ${list(unknown)}, and take ${vip} off it`),
    };
  const named = new Set<string>(repliers);
  const answering = hostsOf(spec, 'director').flatMap(({ name, mac }) => (named.has(mac) ? [name] : []));
  if (away.length > 0 && (answering.length > 1 || holders.length === 0))
    return whyNotOne(spec, { vip, holders: answering }, away);
  if (answering.length > 1)
    return {
      cause: `more than one director answers, ${list(answering)}: split brain, or the VIP set by hand on one of them`,
      remedy: [...on(answering, `ip addr show to ${vip}`), ...advice('see ARP-12 and the log of VRRP')],
    };
  return holders.length === 0
    ? {
        cause: 'no director answers: none holds the VIP',
        remedy: on(everyHost(spec, 'director'), `ip addr show to ${vip}`),
      }
    : {
        cause: `${list(holders)} has ${vip} and does not answer ARP for it: arp_ignore, NOARP or a filter`,
        remedy: toTellApart(
          on(
            holders,
            'sysctl net.ipv4.conf.all.arp_ignore',
            'ip link show',
            'arptables -S',
            filtersOn(spec, 'ingress'),
          ),
        ),
      };
}
