import { check } from '../../src/model/check.ts';
import type { Refutation } from '../../src/model/preconditions.ts';
import { deviceOf, hostsOf, vipsOf } from '../../src/model/spec.ts';
import { ask } from '../../src/probe/asking.ts';
import { holdersOf } from '../../src/probe/neighbour.ts';
import { parseIpv4 } from '../../src/util/ipv4.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { advice, deviceAt, hostsWithMacs, on } from '../common/remedy.ts';
import { hostOfMac, list, nameOfMac, observerOf } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';

const refutedAt = (hosts: string[]): Refutation[] => [{ precondition: 'vipAtDirector', hosts }];

interface Probed {
  /** Who probed: a director that does not hold the VIP, else the observer. */
  prober: string;
  vips: { vip: string; holders: string[]; conflicts: string[] }[];
}

/** RFC 5227 §2.1: an ARP request with the sender address 0.0.0.0 asks whether an address is taken. */
export const duplicateIsNoticed = check<Probed>({
  id: 'ARP-11',
  suite: 'arp',
  level: 'must',
  title: 'a probe for the VIP meets the director, and no real server',
  requirement:
    'A host that probes before taking the VIP (arping -D) learns of a conflict from the VIP’s holder, so that the VIP is not taken twice, and from no other host.',
  source: 'RFC 5227 §2.1.1; arping(8) -D',
  needs: ['inject', 'director'],
  vantages: once('a probe has no sender: the segment hears the same, whoever probes'),
  establishes: ['vipAtDirector'],
  follows: ['vipAtDirector'],
  mutants: [
    {
      id: 'arp-ignore-off',
      breaks: 'arp_ignore left at 0 on the real servers: the VIP is never free, whoever holds it',
      change: sysctls('realServer', { 'net.ipv4.conf.all.arp_ignore': '0' }),
      reason: /rs1 .*defended 198\.18\.0\.100/,
    },
    {
      id: 'silent-director',
      breaks: 'arp_ignore=8 on the director too, so that a second one would take the VIP as well',
      change: sysctls('director', { 'net.ipv4.conf.all.arp_ignore': '8' }),
      reason: /nobody defended/,
    },
  ],
  async observe({ lab }) {
    const vips = vipsOf(lab.spec).filter((vip) => parseIpv4(vip) !== undefined);
    const holders = await Promise.all(vips.map((vip) => holdersOf(lab, vip)));
    const standby = hostsOf(lab.spec, 'director').find(({ name }) => !holders.flat().includes(name));
    const prober = standby ?? observerOf(lab.spec);
    const { repliers } = await ask(lab.host(prober.name), { device: deviceOf(prober), ip: '0.0.0.0' }, vips);
    return {
      prober: prober.name,
      vips: vips.map((vip, i) => ({
        vip,
        holders: holders[i] ?? [],
        conflicts: repliers.filter(({ ip }) => ip === vip).map(({ mac }) => mac),
      })),
    };
  },
  judge({ prober, vips }, { spec }) {
    const expected = vips
      .map(({ vip, holders }) => `${list(holders)} alone defends ${vip} when ${prober} probes for it`)
      .join('; ');
    if (vips.length === 0 || vips.some(({ holders }) => holders.length === 0))
      return inconclusive(expected, 'no director has a VIP');
    const seen = vips
      .map(({ vip, conflicts }) => {
        const who = conflicts.length === 0 ? 'nobody' : list(conflicts.map((mac) => nameOfMac(spec, mac)));
        return `${who} defended ${vip}`;
      })
      .join('; ');
    const owners = (holders: string[], mac: string) => holders.includes(hostOfMac(spec, mac)?.name ?? '');
    const wrong = vips.flatMap(({ holders, conflicts }) => conflicts.filter((mac) => !owners(holders, mac)));
    const [first] = wrong;
    if (first !== undefined) {
      const who = list(wrong.map((mac) => hostOfMac(spec, mac)?.name ?? mac));
      const why = {
        cause: `${who} answers ARP for the VIP, so a director that probes first never takes it over`,
        remedy: wrong.every((mac) => hostOfMac(spec, mac)?.role === 'realServer')
          ? on(hostsWithMacs(spec, wrong), 'sysctl -w net.ipv4.conf.all.arp_ignore=1')
          : [
              ...on(
                hostsWithMacs(spec, wrong),
                `ip addr show to ${vips.find(({ conflicts }) => conflicts.includes(first))?.vip}`,
                'ip neigh show proxy',
              ),
              ...advice(`neither belongs on ${who}`),
            ],
      };
      return { ...fail(expected, seen, why), refutes: refutedAt(hostsWithMacs(spec, wrong)) };
    }
    const undefended = vips.filter(({ conflicts }) => conflicts.length === 0);
    const [silent] = undefended;
    if (silent) {
      const why = {
        cause: `${list(silent.holders)} has ${silent.vip} and does not answer ARP for it (arp_ignore, NOARP or a filter)`,
        remedy: on(
          silent.holders,
          'sysctl -w net.ipv4.conf.all.arp_ignore=0',
          (host: string) => `ip link set ${deviceAt(spec, host)} arp on`,
        ),
      };
      return { ...fail(expected, seen, why), refutes: refutedAt(silent.holders) };
    }
    return pass(expected, seen);
  },
});
