import { check } from '../../src/model/check.ts';
import { hostsOf, vipsOf } from '../../src/model/spec.ts';
import { holdersOf } from '../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply } from '../common/mutate.ts';
import { advice, everyHost, on } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';

interface Holders {
  vips: { vip: string; holders: string[] }[];
}

/** RFC 9568 §1: one active router at a time. */
export const oneHolder = check<Holders>({
  id: 'ARP-12',
  suite: 'arp',
  level: 'must',
  title: 'at most one director holds the VIP',
  requirement: 'Of the directors exactly one has the VIP as an address of its own (no split brain).',
  source: 'RFC 9568 §1; RFC 5227',
  needs: ['directorPair'],
  vantages: once('it looks at the directors alone'),
  establishes: ['vipAtDirector'],
  mutants: [
    {
      id: 'vrrp-filtered',
      breaks: 'the directors do not let each other’s VRRP through, so that both become active',
      change: afterApply((spec) => {
        const names = hostsOf(spec, 'director').map((host) => host.name);
        const holding = `ip -n ${names[1]} -o addr show dev eth0 to ${vipsOf(spec)[0]}`;
        return [
          ...names.flatMap((name) => [
            `ip netns exec ${name} tc qdisc add dev eth0 clsact`,
            `ip netns exec ${name} tc filter add dev eth0 egress protocol ip u32 match ip protocol 112 0xff action drop`,
          ]),
          `tries=0; until [ -n "$(${holding})" ] || [ $tries -ge 100 ]; do sleep 0.2; tries=$((tries + 1)); done`,
        ].join('\n');
      }),
      reason: /d1 and d2/,
    },
    {
      id: 'no-vrrp-process',
      breaks: 'keepalived runs on no director',
      // Again and again: on a busy machine some of its processes are only just being started.
      change: afterApply(
        () => 'for i in 1 2 3 4 5 6 7 8; do kill -9 $(pidof keepalived) 2>&-; sleep 0.2; done; :',
      ),
      reason: /held by none/,
    },
  ],
  async observe({ lab }) {
    const vips = vipsOf(lab.spec);
    return {
      vips: await Promise.all(vips.map(async (vip) => ({ vip, holders: await holdersOf(lab, vip) }))),
    };
  },
  judge({ vips }, { spec }) {
    const expected = `one of ${list(hostsOf(spec, 'director').map((host) => host.name))} holds each VIP`;
    if (vips.length === 0) return inconclusive(expected, 'the lab has no VIP');
    const seen = vips.map(({ vip, holders }) => `${vip} is held by ${list(holders)}`).join('; ');
    if (vips.every((one) => one.holders.length === 1)) return pass(expected, seen);
    const none = vips.some((one) => one.holders.length === 0);
    const directors = hostsOf(spec, 'director').map((host) => host.name);
    const hosts = none
      ? directors
      : directors.filter((name) => vips.some(({ holders }) => holders.includes(name)));
    const why = {
      cause: none ? 'no director took the VIP over' : 'the directors do not hear each other: split brain',
      remedy: none
        ? advice(`start keepalived on ${list(everyHost(spec, 'director'))} and read its log`)
        : [
            ...on(everyHost(spec, 'director'), 'timeout 10 tcpdump -nni any ip proto 112', 'iptables -S'),
            ...advice('same router ID on all, no VIP configured by hand'),
          ],
    };
    return { ...fail(expected, seen, why), refutes: [{ precondition: 'vipAtDirector', hosts }] };
  },
});
