import { check } from '../../../src/model/check.ts';
import { vipsOf } from '../../../src/model/spec.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { fail, pass } from '../../common/judging.ts';
import { advice } from '../../common/remedy.ts';
import { judgeOutage } from '../outage/judge.ts';
import { otherDirectors, pause, streamOf } from '../outage/load.ts';
import { type PairRecord, PairWatch } from '../outage/pair-watch.ts';
import { figuresOfPhases, phasesOf } from '../outage/phases.ts';
import { ownPair } from './own.ts';
import { pairStage, reconfigured } from './stage.ts';
import { masterDownMs } from './times.ts';

interface Quick {
  failed: string;
  newMaster: string;
  taken: boolean;
  faultMs: number;
  record: PairRecord;
}

const advertMs = 100;
/** Probes on the way, gratuitous ARP. */
const slackMs = 100;

export const subSecond = check<Quick>({
  id: 'HA-09',
  suite: 'failover',
  level: 'should',
  title: 'ten advertisements a second: service is back in under half a second',
  requirement:
    'With VRRPv3 and adverts of 100 ms new connections fail for no longer than 3 × advert + skew and a little, and no backup takes over while the active director lives.',
  source: 'RFC 9568 §6.1; keepalived.conf(5) advert_int',
  needs: ['capture', 'directorPair', 'linkFault'],
  stage: pairStage('vrrp-subsecond', 'two directors with keepalived and VRRPv3 each 100 ms', { advertMs }),
  own: ownPair({
    edits: true,
    also: {
      words: 'with VRRPv3 more often than each second',
      says: (vrrp) => vrrp.version === 3 && vrrp.advertMs < 1_000,
    },
  }),
  mutants: [
    {
      id: 'advert-1s',
      breaks: 'advert_int 1 on both directors',
      change: reconfigured('both', 's/advert_int .*/advert_int 1/'),
      reason: /failed for \d{4} ms.*advert_int/,
    },
  ],
  disturbs: true,
  async observe({ lab, evidence, note }) {
    const watch = await PairWatch.start(lab, { load: true });
    const failed = await activeDirector(lab, vipsOf(lab.spec)[0] ?? '');
    const [newMaster = ''] = otherDirectors(lab.spec, failed);
    note(`cutting the link of ${failed}`);
    const faultMs = watch.nowMs();
    await watch.act('fault', () => lab.faults.cutLink(failed));
    const taken = await watch.untilHeldBy([newMaster], 5_000);
    await pause(1_500);
    const { record, pcap } = await watch.stop();
    await evidence.save('take-over.pcap', pcap);
    return { failed, newMaster, taken, faultMs, record };
  },
  judge({ failed, newMaster, taken, faultMs, record }, { spec }) {
    const { vrrp } = spec.director;
    const { load, slipMs, adverts } = record;
    const { resolutionMs = 0 } = (load && streamOf(load, 'new connections')?.outage) ?? {};
    const downMs = vrrp ? masterDownMs(vrrp, Math.min(...vrrp.priorities)) : 0;
    const limitMs = Math.round(downMs + slackMs + 2 * resolutionMs + slipMs);
    const expected = `new connections are answered again within ${limitMs} ms, and ${newMaster} is silent before the fault`;
    return judgeOutage({
      expected,
      load,
      lateMs: slipMs,
      slackMs,
      title: `${failed} is cut off`,
      verdict({ load: under, fresh }) {
        const outageMs = Math.round(fresh.outage.contiguousMs);
        const early = adverts.filter(({ from, tMs }) => from === newMaster && tMs < faultMs).length;
        const figures = [
          { name: 'outage of new connections', value: outageMs, unit: 'ms', better: 'lower' as const },
          {
            name: 'false take-overs: advertisements before the fault',
            value: early,
            unit: 'adverts',
            better: 'lower' as const,
          },
          ...figuresOfPhases(phasesOf(record, under, { faultMs, fromMs: 0, newMaster, spec })),
        ];
        const seen = `new connections failed for ${outageMs} ms; ${early} advertisements of ${newMaster} before the fault`;
        if (taken && outageMs <= limitMs && early === 0) return pass(expected, seen, { figures });
        return fail(expected, seen, {
          cause: `advert_int is longer than ${vrrp?.advertMs ?? advertMs} ms, the take-over is not announced, or keepalived is not scheduled in time`,
          remedy: advice(
            `in keepalived.conf: vrrp_version 3, advert_int ${(vrrp?.advertMs ?? advertMs) / 1_000}, vrrp_rt_priority 50`,
          ),
          figures,
        });
      },
    });
  },
});
