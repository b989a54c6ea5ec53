import { check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { deviceOf, hostSpec, hostsOf } from '../../src/model/spec.ts';
import { legTo, reaches } from '../../src/model/topology.ts';
import { whoHas } from '../../src/probe/arp.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import type { Why } from '../common/looking/look.ts';
import { onFirstServer, sysctls } from '../common/mutate.ts';
import { advice, deviceAt, on } from '../common/remedy.ts';
import { hostOfMac, list, nameOfMac } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';
import { answersLate, type LateAnswer, lateAnswers, whyLate } from './late.ts';

interface RipAnswers {
  requester: string;
  rips: {
    host: string;
    ip: string;
    asked: number;
    repliers: string[];
    /** Where nobody answered in time: who did later, and how long after the request. */
    late?: LateAnswer;
    /** Where nobody answered at all: what the real server has set, as far as it can be reached. */
    set?: { arpIgnore: number; flags: string[]; addresses: string[] };
  }[];
}

interface IpLink {
  flags?: string[];
  addr_info?: { local?: string }[];
}

/** Undefined of a host that answers nobody, not even us: that explains less, and breaks nothing. */
async function silencedBy(lab: Lab, name: string): Promise<RipAnswers['rips'][number]['set']> {
  const device = deviceOf(hostSpec(lab.spec, name));
  const conf = '/proc/sys/net/ipv4/conf';
  const files = `${conf}/all/arp_ignore ${conf}/${device}/arp_ignore`;
  const read = lab.host(name).exec(`cat ${files}; exec ip -j -4 addr show dev ${device}`);
  const [all, own, ...json] = (
    await read.then(
      ({ stdout }) => stdout,
      () => '',
    )
  ).split('\n');
  if (json.length === 0) return undefined;
  const [link] = JSON.parse(json.join('')) as IpLink[];
  return {
    arpIgnore: Math.max(Number(all), Number(own)),
    flags: link?.flags ?? [],
    addresses: (link?.addr_info ?? []).flatMap(({ local }) => local ?? []),
  };
}

/** Each silent server by what it has set. */
function whySilent(spec: LabSpec, rips: RipAnswers['rips']): Why {
  const found = rips.map(({ host, ip, set }) => {
    const device = deviceAt(spec, host);
    if (set && !set.flags.includes('UP'))
      return { host, why: 'its interface is down', fix: [`ip link set ${device} up`] };
    if (set && !set.addresses.includes(ip))
      return { host, why: `${ip} is not on its interface to the segment`, fix: ['ip addr show'] };
    if (set?.arpIgnore === 8)
      return { host, why: 'arp_ignore is 8', fix: ['sysctl -w net.ipv4.conf.all.arp_ignore=1'] };
    if (set?.flags.includes('NOARP'))
      return { host, why: 'its interface has ARP off', fix: [`ip link set ${device} arp on`] };
    if (!set)
      return {
        host,
        why: 'it is down or off the segment, has another address, or is silenced (arp_ignore=8, ARP off, a filter)',
        fix: [
          'ip addr show',
          'sysctl net.ipv4.conf.all.arp_ignore',
          'arptables -S',
          `tc filter show dev ${device} ingress`,
        ],
      };
    return {
      host,
      why: 'it is off the segment, or a filter drops ARP there or on the way',
      fix: [
        'arptables -S',
        'nft list ruleset',
        `tc filter show dev ${device} ingress`,
        `ip -s link show ${device}`,
      ],
    };
  });
  const whys = [...new Set(found.map(({ why }) => why))];
  const hostsWith = (why: string) => list(found.filter((one) => one.why === why).map(({ host }) => host));
  return {
    cause: whys.map((why) => `${hostsWith(why)}: ${why}`).join('; '),
    remedy: found.flatMap(({ host, fix }) => on(host, ...fix)),
  };
}

/** ip-sysctl.rst arp_ignore: 8 answers for no local address; NOARP interfaces answer nothing. */
export const ripAnswers = check<RipAnswers>({
  id: 'ARP-06',
  suite: 'arp',
  level: 'must',
  title: 'every real server still answers for its RIP',
  requirement: 'The director must be able to resolve the MAC of every RIP, since it sends frames to it.',
  source: 'RFC 826; Linux ip-sysctl.rst (arp_ignore)',
  needs: ['capture', 'inject', 'director'],
  vantages: once('the director asks for the RIPs, no client'),
  mutants: [
    {
      id: 'arp-ignore-8',
      breaks: 'arp_ignore=8 on the real servers',
      change: sysctls('realServer', { 'net.ipv4.conf.all.arp_ignore': '8' }),
      reason: /answers no ARP request/,
    },
    {
      id: 'noarp',
      breaks: 'ARP switched off on the interface of one real server',
      change: onFirstServer(() => 'ip link set eth0 arp off'),
      reason: /answers no ARP request/,
    },
  ],
  async observe({ lab, evidence }) {
    const [director] = hostsOf(lab.spec, 'director');
    if (!director) throw new Error('the lab has no director');
    const requester = director.name;
    const rips: RipAnswers['rips'] = [];
    const near = hostsOf(lab.spec, 'realServer').filter((server) => reaches(lab.spec, director, server));
    const legFor = new Map(near.map((server) => [server.ip, legTo(lab.spec, director, server)]));
    if (near.length === 0)
      throw new CannotHere(`no real server is on a segment of ${requester}: routers resolve their RIPs`);
    for (const server of near.slice(0, 8)) {
      const { name, ip } = server;
      const by = legTo(lab.spec, director, server);
      const { replies, asked, pcap } = await whoHas(lab, requester, ip, { count: 2, waitMs: 100, by });
      if (replies.length === 0) await evidence.save(`who-has-${name}.pcap`, pcap);
      rips.push({ host: name, ip, asked, repliers: [...new Set(replies.map((one) => one.senderMac))] });
    }
    const silent = rips.filter(({ repliers }) => repliers.length === 0);
    const answers = await lateAnswers(
      lab,
      requester,
      silent.map(({ ip }) => ip),
      (ip) => legFor.get(ip),
    );
    await Promise.all(
      silent.map(async (one) => {
        const late = answers.get(one.ip);
        const set = late ? undefined : await silencedBy(lab, one.host);
        Object.assign(one, late && { late }, set && { set });
      }),
    );
    return { requester, rips };
  },
  judge({ requester, rips }, { spec }) {
    const expected = `${count(rips)} answered by the real server itself when ${requester} asks`;
    if (rips.length === 0 || rips.some((one) => one.asked === 0))
      return inconclusive(expected, 'no ARP request of ours was seen on the wire');
    const silent = rips.filter((one) => one.repliers.length === 0 && !one.late);
    const wrong = rips.filter((one) =>
      macsOfAnswers(one).some((mac) => hostOfMac(spec, mac)?.name !== one.host),
    );
    const late = rips.filter((one) => one.late && !wrong.includes(one));
    const faults = [
      ...(silent.length > 0 ? [ofSilent(spec, silent)] : []),
      ...(wrong.length > 0 ? [ofTaken(spec, wrong)] : []),
      ...(late.length > 0 ? [ofLate(late)] : []),
    ];
    if (faults.length > 0)
      return fail(expected, faults.map(({ seen }) => seen).join('; '), {
        cause: faults.map(({ cause }) => cause).join('; '),
        remedy: faults.flatMap(({ remedy }) => remedy),
      });
    return pass(expected, `every one of ${rips.length} answered with its own MAC`);
  },
});

const count = (rips: RipAnswers['rips']): string => `${rips.length} of ${rips.length} RIPs`;

const macsOfAnswers = ({ repliers, late }: RipAnswers['rips'][number]): string[] => [
  ...repliers,
  ...(late ? [late.mac] : []),
];

type Fault = Why & { seen: string };

const ofSilent = (spec: LabSpec, silent: RipAnswers['rips']): Fault => ({
  seen: `${list(silent.map(({ host }) => host))} answers no ARP request for its own address`,
  ...whySilent(spec, silent),
});

const ofTaken = (spec: LabSpec, wrong: RipAnswers['rips']): Fault => ({
  seen: wrong
    .map((one) => `${one.ip}: ${list(macsOfAnswers(one).map((mac) => nameOfMac(spec, mac)))}`)
    .join('; '),
  cause: 'an address is used twice on the segment',
  remedy: advice('give each host an address of its own'),
});

const ofLate = (late: RipAnswers['rips']): Fault => ({
  seen: list(late.flatMap(({ host, late }) => (late ? [answersLate(host, late)] : []))),
  ...whyLate(late.map(({ host }) => host)),
});
