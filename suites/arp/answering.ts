import { check } from '../../src/model/check.ts';
import { deviceOf, hostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { whoHas } from '../../src/probe/arp.ts';
import { addressesOf, holdersOf } from '../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onFirstServer, sysctls } from '../common/mutate.ts';
import { hostOfMac, list, nameOfMac, observerOf } from '../common/subjects.ts';
import { answeringMutants } from './mutants.ts';

/*
 *   client ──who-has VIP?──▶ switch ─┬─ director (VIP on eth0)    must answer, alone
 *                                    ├─ rs1      (VIP on lo)      must stay silent
 *                                    └─ rs2      (VIP on lo)      must stay silent
 */

/** What a real server has set; explains a failure, never decides it. */
interface RealServerSettings {
  host: string;
  vipDevices: string[];
  device: string;
  arpIgnore: { all: string; device: string };
}

interface Answering {
  vips: { vip: string; asked: number; repliers: string[]; holders: string[] }[];
  settings: RealServerSettings[];
}

async function settingsOf(
  lab: Parameters<typeof whoHas>[0],
  host: string,
  vips: string[],
): Promise<RealServerSettings> {
  const conf = '/proc/sys/net/ipv4/conf';
  const device = deviceOf(hostSpec(lab.spec, host));
  const [addresses, ignore] = await Promise.all([
    addressesOf(lab.host(host)),
    lab.host(host).exec(`read a <${conf}/all/arp_ignore; read b <${conf}/${device}/arp_ignore; echo "$a $b"`),
  ]);
  const [all = '', own = ''] = ignore.stdout.trim().split(' ');
  const vipDevices = addresses.filter((one) => vips.includes(one.address)).map((one) => one.device);
  return { host, vipDevices, device, arpIgnore: { all, device: own } };
}

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
  mutants: answeringMutants,
  async observe({ lab, evidence }) {
    const observer = observerOf(lab.spec).name;
    const vips: Answering['vips'] = [];
    for (const vip of vipsOf(lab.spec)) {
      const { replies, asked, pcap } = await whoHas(lab, observer, vip);
      await evidence.save(`who-has-${vip}.pcap`, pcap);
      vips.push({
        vip,
        asked,
        repliers: [...new Set(replies.map((reply) => reply.senderMac))],
        holders: await holdersOf(lab, vip),
      });
    }
    const answering = new Set(vips.flatMap((one) => one.repliers));
    const offenders = hostsOf(lab.spec, 'realServer').filter((host) => answering.has(host.mac));
    const settings = await Promise.all(offenders.map((host) => settingsOf(lab, host.name, vipsOf(lab.spec))));
    return { vips, settings };
  },
  judge({ vips, settings }, { spec }) {
    const directors = new Map(hostsOf(spec, 'director').map((host) => [host.mac, host.name]));
    const expected = vips.map(({ vip, holders }) => `only ${list(holders)} answers for ${vip}`).join('; ');
    if (vips.length === 0 || vips.some((one) => one.asked === 0))
      return inconclusive(expected, 'no ARP request of ours was seen on the wire');
    const seen = vips
      .map(({ vip, asked, repliers }) => {
        const who = list(repliers.map((mac) => nameOfMac(spec, mac)));
        return `${who} answered for ${vip} (asked ${asked} times)`;
      })
      .join('; ');
    const bad = vips.filter(({ repliers }) => repliers.length !== 1 || !directors.has(repliers[0] ?? ''));
    if (bad.length === 0) return pass(expected, seen);
    return fail(expected, seen, explain(spec, bad, settings));
  },
});

function explain(
  spec: LabSpec,
  bad: Answering['vips'],
  settings: RealServerSettings[],
): { cause: string; remedy: string } {
  const [first] = settings;
  if (!first) {
    const unknown = bad.flatMap((one) => one.repliers).filter((mac) => !hostOfMac(spec, mac));
    if (unknown.length > 0)
      return {
        cause: `a host outside the lab owns the VIP: ${list(unknown)}`,
        remedy: 'take the VIP off it',
      };
    return bad.some((one) => one.repliers.length > 1)
      ? { cause: 'more than one director answers: split brain', remedy: 'see ARP-12 and the VRRP log' }
      : {
          cause: 'no director answers: none holds the VIP',
          remedy: `ip addr add ${bad[0]?.vip}/32 dev eth0`,
        };
  }
  const vip = bad[0]?.vip;
  const onWire = settings.find((one) => one.vipDevices.includes(one.device));
  if (onWire)
    return {
      cause: `${onWire.host} has the VIP on ${onWire.device}, where arp_ignore=1 does not silence it`,
      remedy: `on ${onWire.host}: ip addr del ${vip}/32 dev ${onWire.device}; ip addr add ${vip}/32 dev lo`,
    };
  const hosts = list(settings.map((one) => one.host));
  const scope = effective(first) === 3 ? '; 3 silences scope host only, and the VIP has scope global' : '';
  return {
    cause: `${hosts}: effective arp_ignore is ${effective(first)} on ${first.device} (the larger of conf/all and conf/${first.device})${scope}`,
    remedy: `on ${hosts}: sysctl -w net.ipv4.conf.all.arp_ignore=1`,
  };
}

const effective = ({ arpIgnore }: RealServerSettings): number =>
  Math.max(Number(arpIgnore.all), Number(arpIgnore.device));

interface RipAnswers {
  requester: string;
  rips: { host: string; ip: string; asked: number; repliers: string[] }[];
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
    const requester = hostsOf(lab.spec, 'director')[0]?.name ?? '';
    const rips: RipAnswers['rips'] = [];
    for (const { name, ip } of hostsOf(lab.spec, 'realServer').slice(0, 8)) {
      const { replies, asked, pcap } = await whoHas(lab, requester, ip, { count: 2, waitMs: 100 });
      if (replies.length === 0) await evidence.save(`who-has-${name}.pcap`, pcap);
      rips.push({ host: name, ip, asked, repliers: [...new Set(replies.map((one) => one.senderMac))] });
    }
    return { requester, rips };
  },
  judge({ requester, rips }, { spec }) {
    const expected = `${count(rips)} answered by the real server itself when ${requester} asks`;
    if (rips.length === 0 || rips.some((one) => one.asked === 0))
      return inconclusive(expected, 'no ARP request of ours was seen on the wire');
    const silent = rips.filter((one) => one.repliers.length === 0).map((one) => one.host);
    const wrong = rips.filter((one) => one.repliers.some((mac) => hostOfMac(spec, mac)?.name !== one.host));
    if (silent.length > 0)
      return fail(expected, `${list(silent)} answers no ARP request for its own address`, {
        cause: `arp_ignore=8 or an interface without ARP on ${list(silent)}`,
        remedy: `on ${list(silent)}: sysctl -w net.ipv4.conf.all.arp_ignore=1; ip link set eth0 arp on`,
      });
    if (wrong.length > 0)
      return fail(
        expected,
        wrong.map((one) => `${one.ip}: ${list(one.repliers.map((mac) => nameOfMac(spec, mac)))}`).join('; '),
        { cause: 'an address is used twice on the segment', remedy: 'give each host an address of its own' },
      );
    return pass(expected, `every one of ${rips.length} answered with its own MAC`);
  },
});

const count = (rips: RipAnswers['rips']): string => `${rips.length} of ${rips.length} RIPs`;
