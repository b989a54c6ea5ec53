import { check } from '../../src/model/check.ts';
import { hostsOf, vipsOf } from '../../src/model/spec.ts';
import { holdersOf } from '../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply, onDirectors } from '../common/mutate.ts';
import { list } from '../common/subjects.ts';

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
  mutants: [
    {
      id: 'vip-on-both',
      breaks: 'the VIP configured by hand on every director, beside VRRP',
      change: onDirectors((spec) => `ip addr replace ${vipsOf(spec)[0]}/32 dev eth0`),
      reason: /d1 and d2/,
    },
    {
      id: 'no-vrrp-process',
      breaks: 'keepalived runs on no director',
      change: afterApply(() => 'kill -9 $(pidof keepalived)'),
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
    return fail(expected, seen, {
      cause: none ? 'no director took the VIP over' : 'the directors do not hear each other: split brain',
      mend: none
        ? 'start keepalived on the directors and read its log'
        : 'let VRRP through (IP protocol 112 to 224.0.0.18), same router ID, no VIP configured by hand',
    });
  },
});
