import { check } from '../../../src/model/check.ts';
import { vipsOf } from '../../../src/model/spec.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { fail, pass } from '../../common/judging.ts';
import { advice, or } from '../../common/remedy.ts';
import { services, stage } from '../../common/stages.ts';
import { list } from '../../common/subjects.ts';
import { judgeOutage } from '../outage/judge.ts';
import { otherDirectors, pause } from '../outage/load.ts';
import { type PairRecord, PairWatch } from '../outage/pair-watch.ts';
import { reconfigured, vrrpPair } from './stage.ts';
import { vrrpTimes } from './times.ts';

interface Flapped {
  active: string;
  happened: boolean;
  evidence: string;
  faultMs: number;
  record: PairRecord;
}

/** Of a down timer that the flap is shorter than. */
const slackMs = 500;
const flap = { periodMs: 600, count: 1 };

/** keepalived.conf(5): "dont_track_primary: Ignore VRRP interface faults (default: unset)". */
export const shortFlapChangesNothing = check<Flapped>({
  id: 'HA-11',
  suite: 'failover',
  level: 'should',
  title: 'a link that flaps for less than the down timer moves nothing',
  requirement:
    'With dont_track_primary a link that is down for less than 3 × advert + skew changes no state: the VIP stays, and nobody else advertises. Without it keepalived follows the carrier at once.',
  source: 'RFC 9568 §6.1; keepalived.conf(5) dont_track_primary',
  needs: ['capture', 'directorPair', 'linkFault'],
  stage: stage(
    'vrrp-flap',
    'two directors with keepalived that do not track their own interface',
    services({ port: 80 }),
    vrrpPair({}),
    reconfigured('both', 's/    virtual_router_id .*/&\\n    dont_track_primary/'),
  ),
  mutants: [
    {
      id: 'tracked',
      breaks: 'keepalived tracks the carrier of its interface, as it does unasked',
      change: reconfigured('both', '/dont_track_primary/d'),
      reason: /d1 lost 198.*dont_track_primary/,
    },
  ],
  disturbs: true,
  async observe({ lab, evidence, note }) {
    const { spec } = lab;
    const active = await activeDirector(lab, vipsOf(spec)[0] ?? '');
    const watch = await PairWatch.start(lab);
    await pause(spec.director.vrrp?.advertMs ?? 1_000);
    note(`the link of ${active} is down for ${flap.periodMs / 2} ms`);
    const faultMs = watch.nowMs();
    const running = await watch.act('fault', () => lab.faults.start({ kind: 'flap', host: active, ...flap }));
    await pause(vrrpTimes(spec).masterDownMs + 1_000);
    const { happened, sentence } = await running.verify();
    await running.revert();
    const { record, pcap } = await watch.stop();
    await evidence.save('vrrp.pcap', pcap);
    return { active, happened, evidence: sentence, faultMs, record };
  },
  judge({ active, happened, evidence, faultMs, record }, { spec }) {
    const { vip, owners, adverts, slipMs } = record;
    const others = otherDirectors(spec, active);
    const expected = `${active} keeps ${vip}, and ${list(others)} does not advertise`;
    return judgeOutage({
      expected,
      fault: { happened, sentence: evidence },
      load: 'none',
      lateMs: slipMs,
      slackMs,
      verdict() {
        const changes = owners.filter(({ tMs }) => tMs > faultMs);
        const foreign = adverts.filter(({ from, tMs }) => tMs > faultMs && others.includes(from));
        if (changes.length === 0 && foreign.length === 0)
          return pass(expected, `${evidence}; ${active} kept ${vip} all along`);
        const went = changes.map(({ tMs, who }) => `${list(who)} after ${Math.round(tMs - faultMs)} ms`);
        return fail(
          expected,
          `${active} lost ${vip}: ${went.join(', ')}; ${foreign.length} advertisements of ${list(others)}`,
          {
            cause: `keepalived of ${active} follows the carrier of its interface: no dont_track_primary, or a down timer shorter than the flap`,
            remedy: [
              ...advice(`in keepalived.conf of ${active}: dont_track_primary`),
              ...or(advice('repair the link')),
            ],
          },
        );
      },
    });
  },
});
