import { type Check, check } from '../../../src/model/check.ts';
import { hostsOf, type LabSpec, type VrrpSpec, vipsOf, vrrpInstancesOf } from '../../../src/model/spec.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { Lateness } from '../../../src/util/lateness.ts';
import { fail, pass } from '../../common/judging.ts';
import { advice } from '../../common/remedy.ts';
import { inStage } from '../../common/stages.ts';
import { list } from '../../common/subjects.ts';
import { judgeOutage } from '../outage/judge.ts';
import { otherDirectors, pause } from '../outage/load.ts';
import { type Advert, vrrpFilter, wordsIn } from '../outage/vrrp-wire.ts';
import { ownPair } from './own.ts';
import { instancesOf, pairStage, reconfigured } from './stage.ts';
import { masterDownMs } from './times.ts';

/*
 *   d1 ──advert──advert──advert──╳ cut
 *                        │◀── 3 × advert + skew ──▶│
 *   d2 ······························ silent ····· advert, VIP
 *
 * One virtual router for each priority of d2, all cut off at once. d1 has 255, so that d2 may have 254.
 */

interface Wait {
  virtualRouterId: number;
  /** Of the backup. */
  priority: number;
  /** From the last advertisement of the failed director on the wire to the first of the new master; null: none came. */
  waitedMs: number | null;
}

interface Waits {
  failed: string;
  newMaster: string;
  waits: Wait[];
  /** The worst that timers were late meanwhile, and that advertisements were away from their interval before it. */
  slipMs: number;
}

const priorities = [50, 100, 150, 200, 254];

const stageOf = (id: string, version: 2 | 3, advertMs: number) =>
  pairStage(
    id,
    `two directors with keepalived, VRRPv${version} each ${advertMs} ms; the backup of ${list(priorities.map(String))} in five virtual routers`,
    (spec) => ({
      version,
      advertMs,
      instances: instancesOf(
        spec,
        priorities.map((backup) => [255, backup]),
      ),
    }),
  );

/** What an unbusy machine may add, and what drlab's own clock and keepalived's steps of 10 ms leave open. */
const toleranceMs = 5;

/** A machine whose timers are later than this shows nothing about formulas. */
const fitMs = (spec: LabSpec): number => Math.min(150, (spec.director.vrrp?.advertMs ?? 1_000) / 4);

const spread = (adverts: Advert[], advertMs: number): number => {
  const gaps = adverts.slice(1).map(({ tMs }, i) => Math.abs(tMs - (adverts[i]?.tMs ?? tMs) - advertMs));
  return Math.max(0, ...gaps);
};

const ownFormula = (words: string, says: (vrrp: VrrpSpec) => boolean) =>
  ownPair({ preempts: true, also: { words, says } });

/** RFC 9568 §6.1: Active_Down_Interval = 3 × Active_Adver_Interval + Skew_Time, in centiseconds. */
const keepsToFormula = check<Waits>({
  id: 'HA-16',
  suite: 'failover',
  level: 'must',
  title: 'a backup waits for 3 × advert + skew, whatever its priority',
  requirement:
    'From the last advertisement of the failed director to the first of the new master it takes 3 × advert + (256 − priority) / 256 × advert (VRRPv2: seconds).',
  source: 'RFC 9568 §6.1; RFC 3768 §6.1',
  needs: ['capture', 'directorPair', 'linkFault'],
  stage: stageOf('vrrp3', 3, 1_000),
  own: ownFormula('VRRPv3 each second or less often', (vrrp) => vrrp.version === 3 && vrrp.advertMs >= 1_000),
  mutants: [
    {
      id: 'other-priority',
      breaks: 'the backup has priority 1 in its keepalived.conf instead of what was agreed',
      change: (spec) => {
        const agreed = Math.min(...(vrrpInstancesOf(spec)[0]?.priorities ?? []));
        return reconfigured('second', `s/priority ${agreed}$/priority 1/`)(spec);
      },
      reason: /priority \d+ .* ms instead of.*(is not the|has another) priority/,
    },
    {
      id: 'more-adverts',
      breaks: 'the backup waits for five advertisements (down_timer_adverts 5)',
      change: reconfigured('second', 's/priority .*/&\\n    down_timer_adverts 5/'),
      reason: /priority \d+ .* ms instead of.*waits for more/,
    },
  ],
  disturbs: true,
  async observe({ lab, evidence, note }) {
    const { spec } = lab;
    const [vip = ''] = vipsOf(spec);
    const { advertMs = 1_000 } = spec.director.vrrp ?? {};
    const failed = await activeDirector(lab, vip);
    const [newMaster = ''] = otherDirectors(spec, failed);
    const capture = await lab.capture({ filter: vrrpFilter });
    await pause(2.5 * advertMs);
    const lateness = await Lateness.start();
    note(`cutting the link of ${failed}`);
    await lab.faults.cutLink(failed);
    await pause(Math.max(...waitsOf(spec).map(({ dueMs }) => dueMs)) * 1.3 + 200);
    const late = await lateness.stop();
    const pcap = await capture.stop();
    await evidence.save('vrrp.pcap', pcap);
    const { adverts } = wordsIn(pcap, spec);
    const by = (name: string, id: number) =>
      adverts.filter((one) => one.from === name && one.virtualRouterId === id);
    const slips = waitsOf(spec).map(({ id }) => spread(by(failed, id), advertMs));
    return {
      failed,
      newMaster,
      slipMs: Math.round(10 * Math.max(late, ...slips)) / 10,
      waits: waitsOf(spec).map(({ id, priority }) => {
        const last = by(failed, id).at(-1);
        const first = by(newMaster, id)[0];
        const waitedMs = last && first ? Math.round(10 * (first.tMs - last.tMs)) / 10 : null;
        return { virtualRouterId: id, priority, waitedMs };
      }),
    };
  },
  judge({ failed, newMaster, waits, slipMs }, { spec }) {
    const due = new Map(waitsOf(spec).map(({ id, dueMs }) => [id, dueMs]));
    const dueOf = ({ virtualRouterId }: Wait): number => due.get(virtualRouterId) ?? Number.NaN;
    const words = (some: Wait[]) =>
      some.map((one) => `priority ${one.priority} ${one.waitedMs ?? 'never'} ms`).join(', ');
    const withinMs = toleranceMs + slipMs;
    const expected = `${newMaster} takes over after ${waits.map((one) => `${dueOf(one)} ms (priority ${one.priority})`).join(', ')}, each within ${toleranceMs} ms and the ${slipMs} ms by which timers slipped`;
    const figures = waits.flatMap((one) =>
      one.waitedMs === null
        ? []
        : [
            {
              name: `take-over beyond the formula, priority ${one.priority}`,
              value: Math.round(10 * (one.waitedMs - dueOf(one))) / 10,
              unit: 'ms',
              better: 'lower' as const,
            },
          ],
    );
    return judgeOutage({
      expected,
      fault: { happened: waits.length > 0, sentence: `no advertisement of ${failed} was seen` },
      load: 'none',
      lateMs: slipMs,
      slackMs: fitMs(spec),
      verdict() {
        const never = waits.filter(({ waitedMs }) => waitedMs === null);
        const off = waits.filter(
          (one) => one.waitedMs !== null && Math.abs(one.waitedMs - dueOf(one)) > withinMs,
        );
        if (never.length + off.length === 0)
          return pass(expected, `${newMaster} took over after ${words(waits)}`, { figures });
        const wrong = [...off, ...never];
        const seen = wrong.map(
          (one) => `priority ${one.priority} after ${one.waitedMs ?? 'no'} ms instead of ${dueOf(one)} ms`,
        );
        const cause =
          wrong.length === waits.length
            ? `${newMaster} waits for more or for fewer than three advertisements or has another priority, or ${failed} tells another interval`
            : `the priority that ${newMaster} works with is not the priority that was agreed`;
        return fail(expected, seen.join(', '), {
          cause,
          remedy: advice(
            `compare priority, advert_int and down_timer_adverts in keepalived.conf of ${newMaster} with those of ${failed}`,
          ),
          figures,
        });
      },
    });
  },
});

/** By the lab's own numbers: what each backup should wait. */
function waitsOf(spec: LabSpec): { id: number; priority: number; dueMs: number }[] {
  const { vrrp } = spec.director;
  if (!vrrp || hostsOf(spec, 'director').length < 2) return [];
  return vrrpInstancesOf(spec).map(({ virtualRouterId, priorities: both }) => {
    const priority = Math.min(...both);
    return { id: virtualRouterId, priority, dueMs: Math.round(10 * masterDownMs(vrrp, priority)) / 10 };
  });
}

export const formulas: Check[] = [
  keepsToFormula,
  {
    ...inStage(stageOf('vrrp3-100ms', 3, 100), keepsToFormula),
    own: ownFormula(
      'VRRPv3 more often than each second',
      (vrrp) => vrrp.version === 3 && vrrp.advertMs < 1_000,
    ),
  },
  {
    ...inStage(stageOf('vrrp2', 2, 1_000), keepsToFormula),
    own: ownFormula('VRRPv2', (vrrp) => vrrp.version === 2),
  },
];
