import { type Check, check, type Stage } from '../../../src/model/check.ts';
import { deviceOf, hostsOf, type LabSpec, type VrrpSpec, vipsOf } from '../../../src/model/spec.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { fail, pass } from '../../common/judging.ts';
import { advice } from '../../common/remedy.ts';
import { inStage } from '../../common/stages.ts';
import { list } from '../../common/subjects.ts';
import { judgeOutage } from '../outage/judge.ts';
import { otherDirectors, pause } from '../outage/load.ts';
import { type PairRecord, PairWatch } from '../outage/pair-watch.ts';
import { ownPair } from './own.ts';
import { pairStage } from './stage.ts';
import { vrrpTimes } from './times.ts';

interface Tracked {
  active: string;
  /** What it advertised before, and at last. */
  priorities: { before: number | null; last: number | null };
  faultMs: number;
  record: PairRecord;
}

const mark = 'drlab-broken';
const weight = -60;
const advertMs = 500;

/** Its failure is an interface that appears. */
const script = {
  name: 'drlab',
  script: `! grep -q ${mark}: /proc/net/dev`,
  intervalS: 1,
  timeoutS: 1,
  weight,
  rise: 1,
  fall: 2,
};

/** An interval of the script, another to fall, and what a script or a busy machine may take. */
const noticedWithinMs = 1000 * (script.fall + 1) + 1_000;
const slackMs = 500;

const stages: { script: Stage; interface: Stage } = {
  script: pairStage(
    'vrrp-script',
    `two directors with keepalived and a tracking script of weight ${weight}`,
    {
      advertMs,
      trackScripts: [script],
    },
  ),
  interface: pairStage(
    'vrrp-interface',
    `two directors with keepalived that track lo with weight ${weight}`,
    {
      advertMs,
      trackInterfaces: [{ device: 'lo', weight }],
    },
  ),
};

const lighter = (vrrp: VrrpSpec): VrrpSpec => ({
  ...vrrp,
  ...(vrrp.trackScripts && { trackScripts: vrrp.trackScripts.map((one) => ({ ...one, weight: -10 })) }),
  ...(vrrp.trackInterfaces && {
    trackInterfaces: vrrp.trackInterfaces.map((one) => ({ ...one, weight: -10 })),
  }),
});

/** Weights lower priorities, and nobody takes over from one that lives. */
const stays = ({ director: { vrrp } }: LabSpec): boolean =>
  vrrp?.preempt === false && !vrrp.trackInterfaces?.some((one) => one.weight === 0);

const leavesWhenTold = check<Tracked>({
  id: 'HA-07',
  suite: 'failover',
  level: 'should',
  title: 'what is tracked fails, and the director hands over',
  requirement:
    'A tracked script or interface that fails lowers the priority by its weight; that must be enough for the other director to take over.',
  source: 'keepalived.conf(5) vrrp_script, track_script, track_interface',
  needs: ['capture', 'directorPair'],
  stage: stages.script,
  mutants: [
    {
      id: 'weight-too-small',
      breaks: 'the weight of what is tracked is smaller than the distance of the priorities',
      change: (spec) => {
        const { vrrp } = spec.director;
        if (!vrrp) throw new NotInLab(`lab «${spec.name}» has no VRRP`);
        return { ...spec, director: { ...spec.director, vrrp: lighter(vrrp) } };
      },
      reason: /\S+ advertised \d+ and kept.*weight is too small/,
    },
  ],
  disturbs: true,
  async observe({ lab, evidence, note }) {
    const { spec } = lab;
    const active = await activeDirector(lab, vipsOf(spec)[0] ?? '');
    const [other = ''] = otherDirectors(spec, active);
    const watch = await PairWatch.start(lab);
    await pause(2 * advertMs);
    const faultMs = watch.nowMs();
    const command = spec.director.vrrp?.trackScripts
      ? `ip link add ${mark} type dummy`
      : `ip link set ${trackedBeside(spec) ?? 'lo'} down`;
    note(`on ${active}: ${command}`);
    await watch.act('fault', () => lab.host(active).exec(`exec ${command}`));
    await watch.untilHeldBy([other], noticedWithinMs + vrrpTimes(spec).masterDownMs + 1_000);
    await pause(2 * advertMs);
    const { record, pcap } = await watch.stop();
    await evidence.save('vrrp.pcap', pcap);
    const own = record.adverts.filter(({ from }) => from === active);
    const before = own.findLast(({ tMs }) => tMs < faultMs)?.priority ?? null;
    return { active, faultMs, priorities: { before, last: own.at(-1)?.priority ?? null }, record };
  },
  judge({ active, faultMs, priorities, record }, { spec }) {
    const [other = ''] = otherDirectors(spec, active);
    const { vip, owners, slipMs } = record;
    const boundMs = noticedWithinMs + vrrpTimes(spec).masterDownMs + slipMs;
    const expected = `${other} holds ${vip} within ${Math.round(boundMs)} ms of the fault on ${active}`;
    return judgeOutage({
      expected,
      fault: { happened: priorities.before !== null, sentence: `no advertisement of ${active} was seen` },
      load: 'none',
      lateMs: slipMs,
      slackMs,
      verdict() {
        const moved = owners.find(({ who, tMs }) => tMs > faultMs && who.join() === other);
        const inTheEnd = owners.at(-1)?.who ?? [];
        if (moved && inTheEnd.join() === other) {
          const tookMs = Math.round(moved.tMs - faultMs);
          const figures = [
            { name: 'tracked fault to take-over', value: tookMs, unit: 'ms', better: 'lower' as const },
          ];
          const seen = `${active} went from priority ${priorities.before} to ${priorities.last}; ${other} held ${vip} after ${tookMs} ms`;
          if (tookMs <= boundMs) return pass(expected, seen, { figures });
          return fail(expected, seen, {
            cause: 'interval, fall or timeout of what is tracked are long',
            remedy: advice('in keepalived.conf: interval 1, fall 2, timeout 1'),
            figures,
          });
        }
        const names = list(hostsOf(spec, 'director').map(({ name }) => name));
        return fail(expected, `${active} advertised ${priorities.last} and kept ${vip}`, {
          cause: stays(spec)
            ? `${other} does not preempt (nopreempt): a weight moves nothing there`
            : priorities.last === priorities.before
              ? `${active} does not track it, or its script does not fail`
              : 'the weight is too small to bring it under the priority of the other',
          remedy: advice(
            `in keepalived.conf of ${names}: a weight larger than the distance of the priorities`,
          ),
        });
      },
    });
  },
});

/** What the director tracks beside the interface of its address, whose loss is another fault. */
const trackedBeside = (spec: LabSpec): string | undefined => {
  const own = hostsOf(spec, 'director').map(deviceOf);
  return spec.director.vrrp?.trackInterfaces?.find(({ device }) => !own.includes(device))?.device;
};

const pair = ownPair({});

export const tracking: Check[] = [
  leavesWhenTold,
  {
    ...inStage(stages.interface, leavesWhenTold),
    own: {
      subject: `${pair.subject}, which track an interface that is not their own`,
      has: (spec) => pair.has(spec) && trackedBeside(spec) !== undefined && !spec.director.vrrp?.trackScripts,
    },
  },
];
