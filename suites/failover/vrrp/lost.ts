import { type Check, check, type Judgement } from '../../../src/model/check.ts';
import { describeFault, type FaultSpec } from '../../../src/model/fault.ts';
import { hostSpec, hostsOf, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { lengthOf } from '../../../src/probe/outage.ts';
import { fail, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
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
import { gratuitous } from './gratuitous-arp.ts';
import { plainPair } from './stage.ts';
import { vrrpTimes } from './times.ts';

/*
 *   VIP on d1 ── fault ──▶ VIP elsewhere ── its end ──▶ VIP on one director, which every neighbour sends to
 */

interface Lost {
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
const slackMs = 700;
const startsMs = 1_500;

async function observed(
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
function judged(o: Lost, spec: LabSpec, limits: { outageMs: number; withFault: boolean }): Judgement {
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
      remedy: `on ${active}: systemctl restart keepalived; tcpdump -nni eth0 proto 112`,
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
        remedy: `on ${active}: garp_master_repeat 5 in keepalived.conf; ipvsadm -Ln`,
        figures,
      },
    );
  if (outageMs > limits.outageMs + slipMs)
    return fail(expected, `new connections failed for ${Math.round(outageMs)} ms`, {
      cause: `${newMaster} did not take over in time: it is dead, or its timers are longer than configured`,
      remedy: `on ${newMaster}: start keepalived; read its log`,
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

/** The directors' gratuitous ARP does not get out of the first one; it still answers who asks. */
const silentFirst = {
  id: 'not-announced',
  breaks: 'gratuitous ARP of the first director gets lost',
  change: afterApply((spec) => {
    const drops = vipsOf(spec).map(
      (vip) => `tc filter add dev eth0 egress protocol arp u32 ${gratuitous(vip)} action drop`,
    );
    const lines = ['tc qdisc add dev eth0 clsact', ...drops].join('\n');
    return `ip netns exec ${hostsOf(spec, 'director')[0]?.name} sh -ec '${lines}'`;
  }),
  reason: /c1 sends to .*does not announce/,
};

const backupDead = {
  id: 'backup-dead',
  breaks: 'keepalived is dead on the backup director',
  change: afterApply((spec) => {
    const backup = hostsOf(spec, 'director')[1]?.name;
    return `kill -9 $(ip netns pids ${backup} | while read -r p; do read -r c </proc/$p/comm; [ "$c" = keepalived ] && echo $p; done)`;
  }),
  reason: /failed for \d+ ms.*did not take over in time/,
};

const powerLimits = (spec: LabSpec) => ({
  outageMs: vrrpTimes(spec).masterDownMs + slackMs,
  withFault: true,
});

const powered = (
  back: 'thawed' | 'rebooted',
  words: Pick<Check, 'id' | 'title' | 'requirement' | 'mutants'>,
): Check =>
  check<Lost>({
    ...words,
    suite: 'failover',
    level: 'must',
    source: 'RFC 9568 §6.1, §6.4',
    needs: ['capture', 'directorPair', 'hostFault'],
    stage: plainPair,
    disturbs: true,
    observe: (on) => observed(on, (host) => ({ kind: 'powerOff', host, back })),
    judge: (observation, { spec }) => judged(observation, spec, powerLimits(spec)),
  });

export const poweredOff = powered('thawed', {
  id: 'HA-19',
  title: 'a director without power is replaced, and gets the VIP back when it goes on where it was',
  requirement:
    'A director that stands still, cut off, is replaced after 3 × advert + skew. When it goes on it may believe that it holds the VIP; after its first words one director holds it.',
  mutants: [backupDead],
});

export const rebooted = powered('rebooted', {
  id: 'HA-20',
  title: 'a director that reboots is replaced, and gets the VIP back',
  requirement:
    'A director that loses its power is replaced after 3 × advert + skew, and takes the VIP back once it has started again.',
  mutants: [backupDead],
});

/** RFC 9568 §9: VRRP has no authentication worth the name. */
export const rogueRouterEnds = check<Lost>({
  id: 'HA-21',
  suite: 'failover',
  level: 'should',
  title: 'a rogue VRRP router has a higher priority: it gets the VIP, and loses it when it ends',
  requirement:
    'Whoever advertises a higher priority is obeyed. When a rogue router falls silent, one director holds the VIP again after 3 × advert + skew, and neighbours send there.',
  source: 'RFC 9568 §6.4.3, §9',
  needs: ['capture', 'directorPair', 'rogueRouterFault'],
  stage: plainPair,
  mutants: [silentFirst],
  disturbs: true,
  observe: (on) => observed(on, () => ({ kind: 'rogueRouter', priority: 254 })),
  judge: (observation, { spec }) =>
    judged(observation, spec, { outageMs: vrrpTimes(spec).masterDownMs + slackMs, withFault: false }),
});
