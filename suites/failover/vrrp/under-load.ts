import type { Judgement } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { lengthOf } from '../../../src/probe/outage.ts';
import { fail, pass } from '../../common/judging.ts';
import { advice, deviceAt, on } from '../../common/remedy.ts';
import { list, nameOfMac } from '../../common/subjects.ts';
import { judgeOutage, type UnderLoad } from '../outage/judge.ts';
import { longestFrom, otherDirectors, pause } from '../outage/load.ts';
import { lastNeighbourEntries, type PairRecord, PairWatch, sharedSpans } from '../outage/pair-watch.ts';
import { vrrpTimes } from './times.ts';

/*
 *   d1 (higher) ── VIP ──▶ d2 ── VIP ──▶ d1?      under load; looked at is the last step
 */

export interface Handover {
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
/** Later than this, the instrument would not tell such an outage from one of a take-over without a word. */
const blindMs = 250;
const afterMs = 1_500;

/**
 * Does the step under load.
 * @param o.before what makes the other director the holder first
 * @param o.to who should have the VIP in the end
 */
export async function handedOver(
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

/** @param whyNot the cause where it is not there */
export function judged(o: Handover, spec: LabSpec, what: string, whyNot: string): Judgement {
  const { from, to, record } = o;
  const { vip, load, slipMs } = record;
  const expected = `${to} holds ${vip} after ${what}, and new connections fail for no longer than ${noticedMs} ms and the ${slipMs} ms by which timers slipped`;
  return judgeOutage({
    expected,
    fault: {
      happened: hostsOf(spec, 'director').some(({ name }) => name === from),
      sentence: `${from || 'nobody'} held ${vip} before ${what}`,
    },
    load,
    lateMs: slipMs,
    slackMs: blindMs,
    title: what,
    verdict: (under) => verdictOn(spec, o, under, { expected, what, whyNot }),
  });
}

function verdictOn(
  spec: LabSpec,
  { to, fromMs, arrived, record }: Handover,
  { fresh }: UnderLoad,
  { expected, what, whyNot }: { expected: string; what: string; whyNot: string },
): Judgement {
  const { vip, slipMs, owners } = record;
  const longest = longestFrom(fresh, fromMs);
  const outageMs = longest ? lengthOf(longest) : 0;
  const figures = [
    {
      name: `outage of new connections by ${what}`,
      value: Math.round(outageMs),
      unit: 'ms',
      better: 'lower' as const,
    },
  ];
  const inTheEnd = owners.at(-1)?.who ?? [];
  if (!arrived || inTheEnd.join() !== to)
    return fail(expected, `${list(inTheEnd)} holds ${vip} after ${what}`, {
      cause: whyNot,
      remedy: advice(
        `compare state, priority and nopreempt in keepalived.conf of both directors; its log tells of states`,
      ),
      figures,
    });
  const shared = sharedSpans(record).filter((span) => span.fromMs >= fromMs);
  const longestMs = Math.round(
    Math.max(0, ...shared.map((span) => (span.toMs ?? span.fromMs) - span.fromMs)),
  );
  const { mac } = hostSpec(spec, to);
  const astray = lastNeighbourEntries(record).filter((one) => one.mac !== null && one.mac !== mac);
  const outage = `new connections failed for ${Math.round(outageMs)} ms (${longest?.bad ?? 0} of them)`;
  if (outageMs <= noticedMs + 2 * fresh.outage.resolutionMs + slipMs && astray.length === 0)
    return pass(
      expected,
      `${to} holds it; ${outage}${longestMs > 0 ? `; two held it for ${longestMs} ms` : ''}`,
      { figures },
    );
  return fail(
    expected,
    `${outage}${astray.map((one) => `; ${one.host} sends to ${nameOfMac(spec, one.mac ?? '')}`).join('')}`,
    {
      cause: `the take-over by ${to} is not announced, or ${to} has no rules yet`,
      remedy: [
        ...on(to, `tc filter show dev ${deviceAt(spec, to)} egress`),
        ...advice(`in keepalived.conf of ${to}: garp_master_repeat 5`),
      ],
      figures,
    },
  );
}
