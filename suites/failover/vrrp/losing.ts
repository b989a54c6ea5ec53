import type { Check, Judgement } from '../../../src/model/check.ts';
import { describeFault, type FaultSpec } from '../../../src/model/fault.ts';
import { hostSpec, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { lengthOf } from '../../../src/probe/outage.ts';
import { fail, pass } from '../../common/judging.ts';
import { advice, on } from '../../common/remedy.ts';
import { list, nameOfMac } from '../../common/subjects.ts';
import { judgeOutage, type UnderLoad } from '../outage/judge.ts';
import { goodAtTheEnd, longestFrom, otherDirectors, pause } from '../outage/load.ts';
import {
  lastNeighbourEntries,
  neighbourEntryAt,
  type PairRecord,
  PairWatch,
  sharedSpans,
} from '../outage/pair-watch.ts';
import { figuresOfPhases, phasesOf } from '../outage/phases.ts';
import { vrrpTimes } from './times.ts';

/*
 *   VIP on d1 ── fault ──▶ VIP elsewhere ── its end ──▶ VIP on one director, which every neighbour sends to
 */

export interface Lost {
  fault: FaultSpec;
  active: string;
  newMaster: string;
  happened: boolean;
  evidence: string;
  faultMs: number;
  revertedMs: number;
  record: PairRecord;
}

/** Slack for the probe's own period, gratuitous ARP, a daemon that starts, and a busy machine. */
export const slackMs = 700;
export const startsMs = 1_500;

export async function observed(
  { lab, evidence, note }: Parameters<Check['observe']>[0],
  faultOn: (active: string) => FaultSpec,
): Promise<Lost> {
  const { spec } = lab;
  const { masterDownMs } = vrrpTimes(spec);
  const watch = await PairWatch.start(lab, { load: true });
  const active = await activeDirector(lab, vipsOf(spec)[0] ?? '');
  const [newMaster = ''] = otherDirectors(spec, active);
  const fault = faultOn(active);
  note(describeFault(fault));
  const faultMs = watch.nowMs();
  const running = await watch.act('fault', () => lab.faults.start(fault));
  const { happened, sentence } = await running.verify();
  if (fault.kind === 'powerOff') await watch.untilHeldBy([newMaster], masterDownMs + 3_000);
  await pause(slackMs);
  note('the fault ends');
  const revertedMs = watch.nowMs();
  await watch.act('end of the fault', () => running.revert());
  await pause(slackMs);
  await watch.untilHeldBy([active], masterDownMs + startsMs + 3_000);
  await pause(1_500);
  const { record, pcap } = await watch.stop();
  await evidence.save('fault.pcap', pcap);
  return { fault, active, newMaster, happened, evidence: sentence, faultMs, revertedMs, record };
}

/** By the lab's own numbers: how long new connections may fail. */
export function judged(o: Lost, spec: LabSpec, limits: { outageMs: number; withFault: boolean }): Judgement {
  const { vip, load, slipMs } = o.record;
  const boundMs = Math.round(vrrpTimes(spec).masterDownMs + startsMs + slackMs + slipMs);
  const expected = `${o.active} alone holds ${vip} within ${boundMs} ms of the end, new connections fail for no longer than ${Math.round(limits.outageMs)} ms at a time${limits.withFault ? ' after the fault' : ' after it'}`;
  return judgeOutage({
    expected,
    fault: { happened: o.happened, sentence: o.evidence },
    load,
    lateMs: slipMs,
    slackMs,
    title: describeFault(o.fault),
    verdict: (under) => verdictOn(spec, o, under, { ...limits, expected, boundMs }),
  });
}

function verdictOn(
  spec: LabSpec,
  o: Lost,
  { load, fresh }: UnderLoad,
  limits: { expected: string; boundMs: number; outageMs: number; withFault: boolean },
): Judgement {
  const { fault, active, newMaster, faultMs, revertedMs, record } = o;
  const { vip, owners, slipMs } = record;
  const { expected, boundMs } = limits;
  const fromMs = limits.withFault ? faultMs : revertedMs;
  const longest = longestFrom(fresh, fromMs);
  const outageMs = longest ? lengthOf(longest) : 0;
  const phases = limits.withFault
    ? figuresOfPhases(phasesOf(record, load, { faultMs, fromMs, newMaster, spec }))
    : [];
  const shared = sharedSpans(record).filter((span) => (span.toMs ?? revertedMs + 1) > revertedMs);
  const sharedMs = shared.reduce(
    (sum, span) => sum + (span.toMs ?? owners.at(-1)?.tMs ?? 0) - Math.max(span.fromMs, revertedMs),
    0,
  );
  const figures = [
    {
      name: 'outage of new connections',
      value: Math.round(outageMs),
      unit: 'ms',
      better: 'lower' as const,
    },
    { name: 'two holders after the end', value: Math.round(sharedMs), unit: 'ms', better: 'lower' as const },
    ...phases,
  ];
  const last = owners.at(-1);
  if (last?.who.join() !== active || last.tMs > revertedMs + boundMs)
    return fail(expected, `${list(last?.who ?? [])} hold ${vip} after ${describeFault(fault)}`, {
      cause: `keepalived of ${active} or ${newMaster} is not back, or they do not hear each other`,
      remedy: [
        ...on(active, 'timeout 10 tcpdump -nni any ip proto 112'),
        ...advice(`restart keepalived on ${active}`),
      ],
      figures,
    });
  const { mac } = hostSpec(spec, active);
  const astray = lastNeighbourEntries(record).filter((one) => one.mac !== null && one.mac !== mac);
  if (astray.length > 0 || !goodAtTheEnd(fresh))
    return fail(
      expected,
      `${active} alone holds ${vip}${astray.map((one) => `, and ${one.host} sends to ${nameOfMac(spec, one.mac ?? '')}`).join('')}; the service ${goodAtTheEnd(fresh) ? 'is' : 'is not'} back`,
      {
        cause: `${active} does not announce ${vip} when it takes it back, or has no rules`,
        remedy: [
          ...on(active, 'ipvsadm -Ln'),
          ...advice(`in keepalived.conf of ${active}: garp_master_repeat 5`),
        ],
        figures,
      },
    );
  if (outageMs > limits.outageMs + slipMs)
    return fail(expected, `new connections failed for ${Math.round(outageMs)} ms`, {
      cause: `${newMaster} did not take over in time: it is dead, or its timers are longer than configured`,
      remedy: advice(`start keepalived on ${newMaster}; read its log`),
      figures,
    });
  const during = owners.filter(({ tMs }) => tMs >= faultMs && tMs < revertedMs).at(-1)?.who ?? [active];
  const sentTo = neighbourEntryAt(record, lastNeighbourEntries(record)[0]?.host ?? '', revertedMs);
  return pass(
    expected,
    `meanwhile ${list(during)} held ${vip} and clients sent to ${sentTo === null ? 'nobody' : nameOfMac(spec, sentTo)}; ${active} alone ${Math.round(Math.max(0, last.tMs - revertedMs))} ms after the end; new connections failed for ${Math.round(outageMs)} ms`,
    { figures },
  );
}
