import { check } from '../../../src/model/check.ts';
import type { LabSpec } from '../../../src/model/spec.ts';
import { fail, pass } from '../../common/judging.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { services, stage } from '../../common/stages.ts';
import { judgeOutage } from '../outage/judge.ts';
import { pause } from '../outage/load.ts';
import { type PairRecord, PairWatch, sharedSpans } from '../outage/pair-watch.ts';
import { ownPair } from './own.ts';
import { vrrpPair } from './stage.ts';
import { byPriority, vrrpTimes } from './times.ts';

interface Unicast {
  faultMs: number;
  record: PairRecord;
}

const speaking = (unicast: boolean) => vrrpPair({ unicast, advertMs: 200 });
const slackMs = 500;
const unheard = 'iptables-legacy -w -I INPUT -d 224.0.0.18 -j DROP';

export const withoutMulticast = check<Unicast>({
  id: 'HA-08',
  suite: 'failover',
  level: 'should',
  title: 'unicast VRRP works where multicast is filtered',
  requirement:
    'Directors with unicast_peer hear each other without 224.0.0.18: one holds the VIP, and the other takes it over when that one is gone.',
  source: 'keepalived.conf(5) unicast_peer, unicast_src_ip',
  needs: ['capture', 'directorPair', 'linkFault', 'iptables'],
  stage: stage(
    'vrrp-unicast',
    'two directors with keepalived and unicast peers; nobody hears 224.0.0.18',
    services({ port: 80 }),
    speaking(true),
    onDirectors(() => unheard),
  ),
  own: ownPair({ also: { words: 'which speak by unicast', says: ({ unicast }) => unicast === true } }),
  mutants: [
    {
      id: 'multicast',
      breaks: 'the directors speak by multicast, which is filtered',
      change: (spec: LabSpec) => ({
        ...spec,
        director: {
          ...spec.director,
          ...(spec.director.vrrp && { vrrp: { ...spec.director.vrrp, unicast: false } }),
        },
      }),
      reason: /\S+ and \S+ held.*224\.0\.0\.18/,
    },
  ],
  disturbs: true,
  async observe({ lab, evidence, note }) {
    const { masterDownMs } = vrrpTimes(lab.spec);
    const [first = '', second = ''] = byPriority(lab.spec).map(({ name }) => name);
    // The stage has done so already.
    if (lab.spec.stage === undefined)
      await Promise.all([first, second].map((name) => lab.host(name).exec(`exec ${unheard}`)));
    const watch = await PairWatch.start(lab);
    await pause(1.5 * masterDownMs);
    note(`cutting the link of ${first}`);
    const faultMs = watch.nowMs();
    await watch.act('fault', () => lab.faults.cutLink(first));
    await watch.untilHeldBy([second], masterDownMs + 3_000);
    const { record, pcap } = await watch.stop();
    await evidence.save('vrrp.pcap', pcap);
    return { faultMs, record };
  },
  judge({ faultMs, record }, { spec }) {
    const [first = '', second = ''] = byPriority(spec).map(({ name }) => name);
    const { vip, owners, slipMs } = record;
    const boundMs = Math.round(vrrpTimes(spec).masterDownMs + slackMs + slipMs);
    const expected = `${first} alone holds ${vip}, and ${second} within ${boundMs} ms of its end`;
    return judgeOutage({
      expected,
      load: 'none',
      lateMs: slipMs,
      slackMs,
      verdict() {
        const shared = sharedSpans(record).filter(({ fromMs }) => fromMs < faultMs);
        if (shared.length > 0)
          return fail(expected, `${first} and ${second} held ${vip} at once`, {
            cause: 'the directors do not hear each other: what they say to 224.0.0.18 is filtered',
            remedy: advice(
              `in keepalived.conf: unicast_peer with the address of ${second} on ${first}, and the other way round`,
            ),
          });
        const taken = owners.find(({ who, tMs }) => tMs > faultMs && who.includes(second));
        if (taken && taken.tMs - faultMs <= boundMs)
          return pass(
            expected,
            `${second} held ${vip} ${Math.round(taken.tMs - faultMs)} ms after the fault, never two before it`,
          );
        return fail(
          expected,
          taken
            ? `${second} only after ${Math.round(taken.tMs - faultMs)} ms`
            : `${second} never held ${vip}`,
          {
            cause: `keepalived of ${second} does not run, or still hears somebody`,
            remedy: on(second, 'timeout 10 tcpdump -nni any ip proto 112'),
          },
        );
      },
    });
  },
});
