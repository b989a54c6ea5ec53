import { type Check, check, type Judgement, type Mutant, type Observing } from '../../../src/model/check.ts';
import type { Figure } from '../../../src/model/measurement.ts';
import type { LabSpec } from '../../../src/model/spec.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { until } from '../../../src/util/until.ts';
import { fail, pass } from '../../common/judging.ts';
import { advice, deviceAt, on } from '../../common/remedy.ts';
import { list, serviceOf } from '../../common/subjects.ts';
import { once } from '../../common/vantages.ts';
import { judgeOutage, type UnderLoad } from '../outage/judge.ts';
import {
  goodAtTheEnd,
  type LoadRecord,
  type Moment,
  momentOf,
  otherDirectors,
  pause,
} from '../outage/load.ts';
import { everyMs, type PairRecord, PairWatch, sharedSpans } from '../outage/pair-watch.ts';
import { figuresOfPhases, phasesOf } from '../outage/phases.ts';
import { backupKilled } from './stage.ts';
import { vrrpTimes } from './times.ts';

interface TakeOver {
  failed: string;
  /** Null: nobody took the VIP over in time. */
  newMaster: string | null;
  record: LoadRecord;
  /** Of the directors and their neighbours, on the clock of the load. */
  seen: Omit<PairRecord, 'load'>;
}

const fault = 'fault';
const takenOver = 'take-over';

async function takeOver(
  { lab, evidence }: Pick<Observing, 'lab' | 'evidence'>,
  breakIt: (director: string) => Promise<void>,
): Promise<TakeOver> {
  const { vip } = serviceOf(lab.spec, 'tcp');
  const failed = await activeDirector(lab, vip);
  const others = otherDirectors(lab.spec, failed);
  const watch = await PairWatch.start(lab, { load: true });
  await watch.act(fault, () => breakIt(failed));
  const newMaster = await until(
    `${list(others)} to take ${vip} over`,
    () => watch.holders.find((name) => others.includes(name)),
    { withinMs: vrrpTimes(lab.spec).masterDownMs + 3_000, everyMs },
  ).catch(() => null);
  if (newMaster !== null)
    watch.moments.push({ label: takenOver, fromMs: watch.lastMs, toMs: watch.lastMs, tMs: watch.lastMs });
  await pause(2_500);
  const { record: pair, pcap } = await watch.stop();
  await evidence.save('take-over.pcap', pcap);
  const { load, ...seen } = pair;
  if (!load) throw new Error('the load did not run');
  return { failed, newMaster, record: load, seen };
}

const noBackup: Mutant = {
  id: 'backup-dead',
  breaks: 'keepalived is dead on the backup director',
  change: backupKilled,
  reason: /no director took/,
};

/** Slack for the probe's own period, gratuitous ARP and a busy machine. */
const slackMs = 700;

function judgeTakeOver(spec: LabSpec, observed: TakeOver, limitMs: number, formula: string): Judgement {
  const { failed, record, seen } = observed;
  const at = momentOf(record, fault);
  const expected = `new connections are answered again within ${limitMs} ms (${formula} + ${slackMs} ms)`;
  return judgeOutage({
    expected,
    load: at && record,
    lateMs: seen.slipMs,
    slackMs,
    title: `${failed} fails`,
    // A probe that was planned just before the fault may have been sent after it.
    calmUntilMs: (at?.fromMs ?? 0) - slackMs / 2,
    // Who leaves in order may hand over between two probes.
    leastMs: formula === 'skew' ? 0 : 1,
    verdict: (under) => verdictOn(spec, observed, under, { expected, limitMs, formula, at }),
  });
}

function verdictOn(
  spec: LabSpec,
  { failed, newMaster, record, seen: pair }: TakeOver,
  { fresh }: UnderLoad,
  o: { expected: string; limitMs: number; formula: string; at: Moment | undefined },
): Judgement {
  const { expected, limitMs, formula } = o;
  const { fromMs: faultMs = 0, toMs: doneMs = 0 } = o.at ?? {};
  const phases =
    newMaster === null
      ? []
      : figuresOfPhases(phasesOf(pair, record, { faultMs, fromMs: 0, newMaster, spec }));
  const figures = [...figuresOf(record), ...phases];
  if (newMaster === null)
    return fail(expected, `no director took the VIP over from ${failed}`, {
      cause: `keepalived does not run on ${list(otherDirectors(spec, failed))}, or does not see the failure`,
      remedy: advice(`start keepalived on ${list(otherDirectors(spec, failed))}; read its log`),
      figures,
    });
  const shared = sharedSpans(pair).filter(({ fromMs }) => fromMs > doneMs);
  const inTheEnd = pair.owners.at(-1)?.who ?? [];
  // Who is cut off may keep the address: nobody reaches it there.
  if (formula === 'skew' && (inTheEnd.length > 1 || shared.length > 0))
    return fail(
      expected,
      `${newMaster} took over, and two directors held the VIP: ${list(inTheEnd)} in the end`,
      {
        cause: `${failed} did not give the VIP up`,
        remedy: [
          ...on(failed, `ip addr del ${pair.vip}/32 dev ${deviceAt(spec, failed)}`),
          ...advice('see HA-05'),
        ],
        figures,
      },
    );
  if (!goodAtTheEnd(fresh))
    return fail(expected, `${newMaster} took over, yet the service did not return`, {
      cause: `${newMaster} has no rules, or neighbours still send to ${failed}`,
      remedy: [...on(newMaster, 'ipvsadm -Ln'), ...advice('see ARP-09')],
      figures,
    });
  const { contiguousMs } = fresh.outage;
  const seen = `${newMaster} took over; new connections failed for ${Math.round(contiguousMs)} ms`;
  if (contiguousMs <= limitMs) return pass(expected, seen, { figures });
  return fail(expected, seen, {
    cause: 'VRRP timers longer than configured, or the take-over is not announced',
    remedy: advice('compare advert_int and priority in keepalived.conf of both directors; see ARP-09'),
    figures,
  });
}

const figuresOf = (record: LoadRecord): Figure[] =>
  record.streams.map(({ name, outage }) => ({
    name: `outage of ${name}`,
    value: Math.round(outage.contiguousMs),
    unit: 'ms',
    better: 'lower',
  }));

/** RFC 3768 §5.3.1, RFC 9568 §6.1: Master_Down_Interval = 3 × advert + skew. */
export const masterDies: Check = check<TakeOver>({
  id: 'HA-01',
  suite: 'failover',
  level: 'must',
  title: 'the backup takes over when the active director dies',
  requirement:
    'After the loss of the active director new connections are answered again within 3 × advert + skew.',
  source: 'RFC 9568 §6.1; RFC 3768 §5.3.1; keepalived.conf(5)',
  needs: ['directorPair', 'linkFault', 'directorFault'],
  vantages: once('it takes a director down, and watches every client meanwhile'),
  mutants: [noBackup],
  disturbs: true,
  observe: async ({ lab, evidence, note }) => {
    note('cutting the link of the active director under load');
    return takeOver({ lab, evidence }, (director) => lab.faults.cutLink(director));
  },
  judge: (observation, { spec }) =>
    judgeTakeOver(spec, observation, vrrpTimes(spec).masterDownMs + slackMs, '3 × advert + skew'),
});

/** RFC 9568 §6.4.3: priority 0 makes the backup wait for its skew time only. */
export const masterLeaves: Check = check<TakeOver>({
  id: 'HA-02',
  suite: 'failover',
  level: 'must',
  title: 'a director that is stopped hands over at once',
  requirement:
    'A director that stops in order sends priority 0, and the outage lasts no longer than the skew time.',
  source: 'RFC 9568 §6.4.3; keepalived.conf(5)',
  needs: ['directorPair', 'directorFault'],
  vantages: once('it takes a director down, and watches every client meanwhile'),
  mutants: [noBackup],
  disturbs: true,
  observe: async ({ lab, evidence, note }) => {
    note('stopping keepalived on the active director under load');
    return takeOver({ lab, evidence }, (director) => lab.faults.signalDirector(director, 'TERM'));
  },
  judge: (observation, { spec }) =>
    judgeTakeOver(spec, observation, vrrpTimes(spec).skewMs + slackMs, 'skew'),
});
