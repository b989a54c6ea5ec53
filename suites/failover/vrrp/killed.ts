import { type Check, check, type Judgement, type Mutant } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { ask } from '../../../src/probe/asking.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { fail, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { hostOfMac, list, observerOf } from '../../common/subjects.ts';
import { judgeOutage, type UnderLoad } from '../outage/judge.ts';
import { otherDirectors, pause } from '../outage/load.ts';
import { lastNeighbourEntries, type PairRecord, PairWatch, sharedSpans } from '../outage/pair-watch.ts';
import { ownPair } from './own.ts';
import { plainPair, reconfigured } from './stage.ts';
import { vrrpTimes } from './times.ts';

/*
 *   d1 keepalived ✗   VIP, rules stay ──┐      nobody takes the VIP from d1; d2 takes it, too
 *   d2 keepalived     VIP, rules ───────┴── c1
 */

interface Killed {
  failed: string;
  newMaster: string;
  happened: boolean;
  evidence: string;
  /** Everyone who answered for the VIP after the take-over, by name. */
  repliers: string[];
  /** Begin of fixing on the clock of the record. */
  fixedMs: number;
  record: PairRecord;
}

/** Slack for the probe's own period and a busy machine. */
const slackMs = 500;

async function whoAnswers(lab: Lab, vip: string): Promise<string[]> {
  const requester = observerOf(lab.spec);
  const from = { device: requester.device ?? 'eth0', mac: requester.mac, ip: requester.ip };
  const { repliers } = await ask(lab.host(requester.name), from, [vip]);
  return repliers.map(({ mac }) => hostOfMac(lab.spec, mac)?.name ?? mac);
}

async function without(lab: Lab, signal: 'KILL' | 'STOP', note: (text: string) => void) {
  const { spec } = lab;
  const { masterDownMs } = vrrpTimes(spec);
  const watch = await PairWatch.start(lab, { load: true });
  const failed = await activeDirector(lab, watch.vip);
  const [newMaster = ''] = otherDirectors(spec, failed);
  note(`keepalived of ${failed} is sent ${signal}`);
  const fault = await watch.act('fault', () => lab.faults.start({ kind: 'daemon', host: failed, signal }));
  await watch.untilHeldBy([failed, newMaster], masterDownMs + 3_000);
  const { happened, sentence } = await fault.verify();
  await pause(slackMs);
  const repliers = await whoAnswers(lab, watch.vip);
  note(signal === 'KILL' ? `keepalived of ${failed} is started again` : `keepalived of ${failed} goes on`);
  const fixedMs = watch.nowMs();
  await watch.act('fixed', () => fault.revert());
  await watch.untilHeldBy([failed], masterDownMs + 3_000);
  await pause(1_200);
  const { record, pcap } = await watch.stop();
  return { pcap, observed: { failed, newMaster, happened, evidence: sentence, repliers, fixedMs, record } };
}

const noRules: Mutant = {
  id: 'backup-without-rules',
  breaks: 'the backup director has lost its rules',
  change: afterApply((spec) => `sleep 2; ip netns exec ${hostsOf(spec, 'director')[1]?.name} ipvsadm -C`),
  reason: /connections failed for .* has no rules/,
};

function make(
  words: Pick<Check, 'id' | 'title' | 'requirement' | 'mutants'> & { signal: 'KILL' | 'STOP' },
): Check {
  const { signal, ...said } = words;
  return check<Killed>({
    ...said,
    suite: 'failover',
    level: 'must',
    source: 'keepalived(8); RFC 9568 §6.4.3',
    needs: ['capture', 'inject', 'directorPair', 'directorFault'],
    stage: plainPair,
    own: ownPair({ preempts: true }),
    disturbs: true,
    async observe({ lab, evidence, note }) {
      const { pcap, observed } = await without(lab, signal, note);
      await evidence.save('killed.pcap', pcap);
      return observed;
    },
    judge(observation, { spec }) {
      const { failed, newMaster, happened, evidence: sentence, record } = observation;
      const boundMs = vrrpTimes(spec).masterDownMs + slackMs + record.slipMs;
      const expected = `${failed} keeps ${record.vip} and ${newMaster} takes it, too; new connections fail for no longer than ${slackMs} ms; one holder ${Math.round(boundMs)} ms after keepalived is back`;
      return judgeOutage({
        expected,
        fault: { happened, sentence },
        load: record.load,
        lateMs: record.slipMs,
        slackMs,
        title: `keepalived of ${failed} is sent ${signal}`,
        verdict: (under) => verdictOn(spec, observation, under, { expected, boundMs }),
      });
    },
  });
}

function verdictOn(
  spec: LabSpec,
  { failed, newMaster, repliers, fixedMs, record }: Killed,
  { fresh }: UnderLoad,
  { expected, boundMs }: { expected: string; boundMs: number },
): Judgement {
  const { vip, owners } = record;
  const [shared] = sharedSpans(record);
  if (!shared)
    return fail(expected, `no director took ${vip} over from ${failed}`, {
      cause: `keepalived does not run on ${newMaster}, or hears advertisements of somebody`,
      remedy: [
        ...on(newMaster, 'timeout 10 tcpdump -nni any ip proto 112'),
        ...advice(`read the log of keepalived on ${newMaster}`),
      ],
    });
  const outageMs = Math.round(fresh.outage.contiguousMs);
  const figures = [
    {
      name: 'two holders',
      value: Math.round((shared.toMs ?? fixedMs) - shared.fromMs),
      unit: 'ms',
      better: 'lower' as const,
    },
    { name: 'outage of new connections', value: outageMs, unit: 'ms', better: 'lower' as const },
  ];
  if (outageMs > slackMs)
    return fail(expected, `connections failed for ${outageMs} ms`, {
      cause: `${newMaster} has no rules for ${vip}, or neighbours send to nobody`,
      remedy: [...on(newMaster, 'ipvsadm -Ln'), ...advice('see ARP-09')],
      figures,
    });
  const who = owners.at(-1)?.who ?? [];
  const aloneMs = owners.findLast(({ who: names }) => names.length > 1) && owners.at(-1)?.tMs;
  if (who.length !== 1 || (aloneMs ?? 0) > fixedMs + boundMs)
    return fail(expected, `${list(who)} hold ${vip} after keepalived is back on ${failed}`, {
      cause: `${newMaster} does not give ${vip} up, or the address that ${failed} was left with is not taken away`,
      remedy: on(who.length > 0 ? who : [failed, newMaster], `ip addr show to ${vip}`),
      figures,
    });
  const { mac } = hostSpec(spec, who[0] ?? '');
  const astray = lastNeighbourEntries(record).filter((one) => one.mac !== null && one.mac !== mac);
  if (astray.length > 0)
    return fail(
      expected,
      `${who[0]} alone holds ${vip}, and ${list(astray.map(({ host }) => host))} sends elsewhere`,
      {
        cause: `${who[0]} did not announce ${vip}`,
        remedy: advice(`in keepalived.conf of ${who[0]}: garp_master_repeat 5`),
        figures,
      },
    );
  const answered = repliers.length > 1 ? `both answered for ${vip}` : `${list(repliers)} answered for ${vip}`;
  return pass(
    expected,
    `${failed} and ${newMaster} both held ${vip} from ${Math.round(shared.fromMs - (record.moments[0]?.fromMs ?? 0))} ms after the fault until keepalived was back, and ${answered}; new connections failed for ${outageMs} ms`,
    { figures },
  );
}

export const killed = make({
  id: 'HA-05',
  signal: 'KILL',
  title: 'keepalived is killed: the VIP stays behind, two directors hold it, and the service goes on',
  requirement:
    'A killed keepalived takes nothing away: its director still forwards when the other takes over. The VIP that is left behind goes when keepalived is started again.',
  mutants: [
    noRules,
    {
      id: 'no-preemption',
      breaks: 'the second director never yields: it is shut off from VRRP once it is master',
      change: reconfigured(
        'second',
        's#    virtual_router_id .*#&\\n    notify_master "/bin/sh -c \\x27iptables-legacy -w -I INPUT -p 112 -j DROP\\x27"#',
      ),
      reason: /d1 and d2 hold .* after keepalived is back/,
    },
  ],
});

export const hung = make({
  id: 'HA-18',
  signal: 'STOP',
  title: 'keepalived hangs: two directors hold the VIP until it goes on, and the service goes on',
  requirement:
    'A keepalived that stands still is not heard, so the other director takes over; once it goes on, one of them gives the VIP up.',
  mutants: [noRules],
});
