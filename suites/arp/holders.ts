import { check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { holdersOf } from '../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { type DaemonAway, daemonsAway } from '../common/looking/daemons.ts';
import { afterApply } from '../common/mutate.ts';
import { everyHost } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';
import { type Disagreement, disagreementOf, listenToVoices } from '../failover/outage/vrrp-voices.ts';
import { whyNotOne } from './holding.ts';

interface Holders {
  vips: { vip: string; holders: string[] }[];
  /** Where not exactly one holds a VIP: daemons of the directors that do not work. */
  away?: DaemonAway[];
  /** Where more than one does: in what their advertisements contradict each other. */
  disagreement?: Disagreement;
}

/** Shell text that waits until a director has the VIP. */
const untilHeld = (director: string, spec: LabSpec): string =>
  `tries=0; until [ -n "$(ip -n ${director} -o addr show dev eth0 to ${vipsOf(spec)[0]})" ] || [ $tries -ge 100 ]; do sleep 0.2; tries=$((tries + 1)); done`;

async function disagreementIn(lab: Lab): Promise<Disagreement | undefined> {
  if (!lab.spec.director.vrrp || lab.lacks('capture') !== undefined) return undefined;
  return disagreementOf((await listenToVoices(lab)).voices);
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
        return [
          ...names.flatMap((name) => [
            `ip netns exec ${name} tc qdisc add dev eth0 clsact`,
            `ip netns exec ${name} tc filter add dev eth0 egress protocol ip u32 match ip protocol 112 0xff action drop`,
          ]),
          untilHeld(names[1] ?? '', spec),
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
    {
      id: 'daemon-stopped',
      breaks: 'keepalived of the active director is stopped, and the other one takes over',
      change: afterApply((spec) => {
        const [active = '', standby = ''] = hostsOf(spec, 'director').map(({ name }) => name);
        return `${untilHeld(active, spec)}
pids=$(ip netns pids ${active} | while read -r p; do read -r c </proc/$p/comm; [ "$c" != keepalived ] || echo $p; done)
kill -STOP $pids
${untilHeld(standby, spec)}`;
      }),
      reason: /d1 and d2; .*keepalived on d1 is stopped/,
    },
  ],
  async observe({ lab }) {
    const found = vipsOf(lab.spec).map(async (vip) => ({ vip, holders: await holdersOf(lab, vip) }));
    const vips = await Promise.all(found);
    const away = vips.every(({ holders }) => holders.length === 1) ? [] : await daemonsAway(lab);
    const several = vips.some(({ holders }) => holders.length > 1);
    const disagreement = several && away.length === 0 ? await disagreementIn(lab) : undefined;
    return { vips, ...(away.length > 0 && { away }), ...(disagreement && { disagreement }) };
  },
  judge({ vips, away = [], disagreement }, { spec }) {
    const directors = everyHost(spec, 'director');
    const expected = `one of ${list(directors)} holds each VIP`;
    if (vips.length === 0) return inconclusive(expected, 'the lab has no VIP');
    const seen = vips.map(({ vip, holders }) => `${vip} is held by ${list(holders)}`).join('; ');
    const [odd] = vips.filter(({ holders }) => holders.length !== 1);
    if (!odd) return pass(expected, seen);
    const held = odd.holders.length > 0 ? odd.holders : directors;
    const idle = away.flatMap(({ host }) => (held.includes(host) ? [host] : []));
    const hosts = idle.length > 0 ? idle : held;
    return {
      ...fail(expected, seen, whyNotOne(spec, odd, away, disagreement)),
      refutes: [{ precondition: 'vipAtDirector', hosts }],
    };
  },
});
