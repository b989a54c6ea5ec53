import { type Check, check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { type Outage, outageOf } from '../../src/probe/outage.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply } from '../common/mutate.ts';
import { list, nameOfMac } from '../common/subjects.ts';
import { gratuitous } from './announcement.ts';
import { fitFor, otherDirectors, pause, streamOf, timeline } from './load.ts';
import { lastBeliefs, type PairRecord, PairWatch, sharedSpans } from './pair-watch.ts';
import { vrrpTimes } from './vrrp.ts';
import { pairStage, plainPair, reconfigured } from './vrrp-stage.ts';

/*
 *   d1 (higher) ── VIP ──▶ d2 ── VIP ──▶ d1?      under load; looked at is the last step
 */

interface Handover {
  /** Who had the VIP before the step, and who should have it after. */
  from: string;
  to: string;
  /** Begin of the step, on the clock of the record. */
  fromMs: number;
  /** Whether `to` had it alone in time. */
  arrived: boolean;
  record: PairRecord;
}

/** Of an outage that nobody should notice: some probes that were on the way, and the gaps of the probe itself. */
const noticedMs = 100;
const afterMs = 1_500;

async function handedOver(
  lab: Lab,
  o: {
    before?: (active: string) => Promise<void>;
    to: (active: string) => string;
    step: (active: string) => Promise<void>;
  },
): Promise<{ observed: Handover; pcap: Uint8Array }> {
  const { spec } = lab;
  const { masterDownMs } = vrrpTimes(spec);
  const active = await activeDirector(lab, vipsOf(spec)[0] ?? '');
  const [other = ''] = otherDirectors(spec, active);
  const watch = await PairWatch.start(lab, { load: true });
  if (o.before) {
    await watch.act('left', () => o.before?.(active) ?? Promise.resolve());
    await watch.untilHeldBy([other], masterDownMs + 3_000);
    await pause(afterMs);
  }
  const from = watch.holders.join(' and ');
  const fromMs = watch.nowMs();
  await watch.act('step', () => o.step(active));
  const to = o.to(active);
  // Who should stay must still have it when the other could have taken it.
  if (to === from) await pause(masterDownMs + 1_000);
  const arrived = await watch.untilHeldBy([to], masterDownMs + 3_000);
  await pause(afterMs);
  const { record, pcap } = await watch.stop();
  return { pcap, observed: { from, to, fromMs, arrived, record } };
}

function judged(
  { from, to, fromMs, arrived, record }: Handover,
  spec: LabSpec,
  what: string,
  whyNot: string,
) {
  const { vip, load, slipMs, owners } = record;
  const expected = `${to} holds ${vip} after ${what}, and new connections fail for no longer than ${noticedMs} ms`;
  const fresh = load && streamOf(load, 'new connections');
  if (!load || !fresh || fresh.points.length === 0) return inconclusive(expected, 'the load did not run');
  const charts = [timeline(load, what)];
  if (!hostsOf(spec, 'director').some(({ name }) => name === from))
    return inconclusive(expected, `${from || 'nobody'} held ${vip} before ${what}`, { charts });
  const of = (points: typeof fresh.points): Outage => outageOf(points, fresh.rateHz);
  const { contiguousMs, bad, resolutionMs } = of(fresh.points.filter(({ tMs }) => tMs >= fromMs));
  const figures = [
    {
      name: `outage of new connections by ${what}`,
      value: Math.round(contiguousMs),
      unit: 'ms',
      better: 'lower' as const,
    },
  ];
  const inTheEnd = owners.at(-1)?.who ?? [];
  if (!arrived || inTheEnd.join() !== to)
    return fail(expected, `${list(inTheEnd)} holds ${vip} after ${what}`, {
      cause: whyNot,
      mend: `on both: compare state, priority and nopreempt in keepalived.conf; its log tells of states`,
      figures,
      charts,
    });
  const shared = sharedSpans(record).filter((span) => span.fromMs >= fromMs);
  const longestMs = Math.round(
    Math.max(0, ...shared.map((span) => (span.toMs ?? span.fromMs) - span.fromMs)),
  );
  const { mac } = hostSpec(spec, to);
  const astray = lastBeliefs(record).filter((one) => one.mac !== null && one.mac !== mac);
  const outage = `new connections failed for ${Math.round(contiguousMs)} ms (${bad} of them)`;
  if (!fitFor(load.health, noticedMs) || slipMs > noticedMs)
    return inconclusive(
      expected,
      `the instrument was not healthy: timers ${slipMs} ms late; ${list(load.health.reasons)}`,
      { figures, charts },
    );
  if (contiguousMs <= noticedMs + 2 * resolutionMs + slipMs && astray.length === 0)
    return pass(
      expected,
      `${to} holds it; ${outage}${longestMs > 0 ? `; two held it for ${longestMs} ms` : ''}`,
      { figures, charts },
    );
  return fail(
    expected,
    `${outage}${astray.map((one) => `; ${one.host} sends to ${nameOfMac(spec, one.mac ?? '')}`).join('')}`,
    {
      cause: `the take-over by ${to} is not announced, or ${to} has no rules yet`,
      mend: `on ${to}: garp_master_repeat 5 in keepalived.conf; tc filter show dev eth0 egress`,
      figures,
      charts,
    },
  );
}

/** From the first or second director nothing announces the VIP any more; it still answers who asks. */
const silent = (place: 0 | 1) =>
  afterApply((spec) => {
    const director = hostsOf(spec, 'director')[place]?.name;
    return `ip netns exec ${director} sh -ec 'tc qdisc add dev eth0 clsact
${vipsOf(spec)
  .map((vip) => `tc filter add dev eth0 egress protocol arp u32 ${gratuitous(vip)} action drop`)
  .join('\n')}'`;
  });

/** A director that is started again is told anew, so this is changed in the lab and not in its file. */
const preempting =
  (preempt: boolean) =>
  (spec: LabSpec): LabSpec => ({
    ...spec,
    director: { ...spec.director, ...(spec.director.vrrp && { vrrp: { ...spec.director.vrrp, preempt } }) },
  });

const needs: Check['needs'] = ['capture', 'directorPair', 'directorFault'];
const common = { suite: 'failover', level: 'should', needs, disturbs: true } as const;

const comesBack = (lab: Lab, to: (active: string) => string) =>
  handedOver(lab, {
    before: (active) => lab.faults.signalDirector(active, 'TERM'),
    to,
    step: (active) => lab.faults.startDirector(active),
  });

export const preempts = check<Handover>({
  ...common,
  id: 'HA-03',
  title: 'a director of higher priority takes over again when it returns, and nobody notices',
  requirement:
    'With preemption the returning director has the VIP again after its down timer, and new connections fail for no longer than 0.1 s.',
  source: 'RFC 9568 §6.4.2, Preempt_Mode; keepalived.conf(5)',
  stage: plainPair,
  mutants: [
    {
      id: 'not-announced',
      breaks: 'gratuitous ARP of the returning director does not get out',
      change: silent(0),
      reason: /c1 sends to d2.*not announced/,
    },
    {
      id: 'nopreempt',
      breaks: 'nopreempt on a director that should preempt',
      change: preempting(false),
      reason: /d2 holds .* after the return/,
    },
  ],
  async observe({ lab, evidence }) {
    const { observed, pcap } = await comesBack(lab, (active) => active);
    await evidence.save('return.pcap', pcap);
    return observed;
  },
  judge: (observation, { spec }) =>
    judged(
      observation,
      spec,
      'the return',
      `${observation.to} does not preempt: nopreempt, or a lower priority`,
    ),
});

export const stays = check<Handover>({
  ...common,
  id: 'HA-04',
  title: 'nopreempt: a director that returns stays on standby, and nobody notices',
  requirement: 'Without preemption the VIP stays where it is when a director of higher priority returns.',
  source: 'RFC 9568 §6.4.2, Preempt_Mode; keepalived.conf(5) nopreempt',
  // Priorities far apart: the first election must not be won by who started first.
  stage: pairStage('vrrp-nopreempt', 'two directors with keepalived, VRRPv3 each second and nopreempt', {
    preempt: false,
    priorities: [254, 1],
  }),
  mutants: [
    {
      id: 'preempts',
      breaks: 'nopreempt is missing',
      change: preempting(true),
      reason: /d1 holds .*no nopreempt/,
    },
  ],
  async observe({ lab, evidence }) {
    const { observed, pcap } = await comesBack(lab, (active) => otherDirectors(lab.spec, active)[0] ?? '');
    await evidence.save('return.pcap', pcap);
    return observed;
  },
  judge: (observation, { spec }) =>
    judged(
      observation,
      spec,
      'the return',
      'the returning director preempts: no nopreempt, or state MASTER beside it',
    ),
});

const plannedPriority = 50;

export const switchesOver = check<Handover>({
  ...common,
  id: 'HA-22',
  title: 'a planned switch-over: the active director is given a lower priority, and nobody notices',
  requirement:
    'A director whose priority is lowered under that of the other keeps on serving until the other has taken over.',
  source: 'RFC 9568 §6.4.2 (360); keepalived.conf(5)',
  stage: plainPair,
  mutants: [
    {
      id: 'not-announced',
      breaks: 'gratuitous ARP of the other director does not get out',
      change: silent(1),
      reason: /c1 sends to d1.*not announced/,
    },
    {
      id: 'nopreempt',
      breaks: 'the other director has nopreempt',
      change: reconfigured('second', 's/state BACKUP/state BACKUP\\n    nopreempt/'),
      reason: /d1 holds .* after the switch-over/,
    },
  ],
  async observe({ lab, evidence, note }) {
    const { observed, pcap } = await handedOver(lab, {
      to: (active) => otherDirectors(lab.spec, active)[0] ?? '',
      step: async (active) => {
        note(`${active} gets priority ${plannedPriority}`);
        await lab
          .host(active)
          .exec(
            `sed -i "s/priority .*/priority ${plannedPriority}/" keepalived.conf && exec kill -HUP $(cat keepalived.pid)`,
          );
      },
    });
    await evidence.save('switch-over.pcap', pcap);
    return observed;
  },
  judge: (observation, { spec }) =>
    judged(
      observation,
      spec,
      'the switch-over',
      `${observation.to} does not take over: nopreempt, or a lower priority`,
    ),
});
