import { type Check, check, type Mutant } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { Figure } from '../../src/model/measurement.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { activeDirector, addressesOf } from '../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply } from '../common/mutate.ts';
import { list, serviceOf } from '../common/subjects.ts';
import {
  fitFor,
  goodAtTheEnd,
  Load,
  type LoadRecord,
  momentOf,
  otherDirectors,
  pause,
  streamOf,
  timeline,
} from './load.ts';
import { vrrpTimes } from './vrrp.ts';

interface TakeOver {
  failed: string;
  /** Null: nobody took the VIP over in time. */
  heir: string | null;
  record: LoadRecord;
}

const fault = 'fault';
const takenOver = 'take-over';

async function takeOver(lab: Lab, breakIt: (director: string) => Promise<void>): Promise<TakeOver> {
  const { vip } = serviceOf(lab.spec, 'tcp');
  const failed = await activeDirector(lab, vip);
  const load = await Load.start(lab);
  await load.act(fault, () => breakIt(failed));
  const deadline = performance.now() + vrrpTimes(lab.spec).masterDownMs + 3_000;
  let heir: string | null = null;
  while (heir === null && performance.now() < deadline) {
    heir = (await load.see('look', () => holderAmong(lab, otherDirectors(lab.spec, failed), vip))) ?? null;
    if (heir === null) await pause(100);
  }
  const looks = load.moments.filter((moment) => moment.label === 'look');
  load.moments.splice(1, load.moments.length);
  const last = looks.at(-1);
  if (heir !== null && last) load.moments.push({ ...last, label: takenOver });
  await pause(2_500);
  return { failed, heir, record: await load.stop() };
}

async function holderAmong(lab: Lab, directors: string[], vip: string): Promise<string | undefined> {
  for (const name of directors)
    if ((await addressesOf(lab.host(name))).some((one) => one.address === vip)) return name;
  return undefined;
}

const noBackup: Mutant = {
  id: 'backup-dead',
  breaks: 'keepalived is dead on the backup director',
  change: afterApply((spec) => {
    const [, backup] = hostsOf(spec, 'director');
    return `kill -9 $(ip netns pids ${backup?.name} | while read -r p; do read -r c </proc/$p/comm; [ "$c" = keepalived ] && echo $p; done)`;
  }),
  reason: /nobody took/,
};

/** Slack for the probe's own period, gratuitous ARP and a busy machine. */
const slackMs = 700;

function judgeTakeOver(spec: LabSpec, { failed, heir, record }: TakeOver, limitMs: number, formula: string) {
  const expected = `new connections are answered again within ${limitMs} ms (${formula} + ${slackMs} ms)`;
  const fresh = streamOf(record, 'new connections');
  const at = momentOf(record, fault);
  if (!fresh || fresh.points.length === 0 || !at) return inconclusive(expected, 'the load did not run');
  // A probe that was planned just before the fault may have been sent after it.
  const before = fresh.points.filter((point) => point.tMs < at.fromMs - slackMs / 2);
  if (before.some((point) => point.latencyMs === null))
    return inconclusive(expected, 'connections failed before the fault');
  const charts = [timeline(record, `${failed} fails`)];
  const figures = figuresOf(record);
  if (heir === null)
    return fail(expected, `nobody took the VIP over from ${failed}`, {
      cause: `keepalived does not run on ${list(otherDirectors(spec, failed))}, or does not see the failure`,
      mend: `on ${list(otherDirectors(spec, failed))}: start keepalived; read its log`,
      figures,
      charts,
    });
  const { contiguousMs } = fresh.outage;
  const seen = `${heir} took over; new connections failed for ${Math.round(contiguousMs)} ms`;
  if (!goodAtTheEnd(fresh))
    return fail(expected, `${heir} took over, yet the service did not return`, {
      cause: `${heir} has no rules, or neighbours still send to ${failed}`,
      mend: `on ${heir}: ipvsadm -Ln; see ARP-09`,
      figures,
      charts,
    });
  if (!fitFor(record.health, slackMs))
    return inconclusive(expected, `the prober was not healthy: ${list(record.health.reasons)}`, { charts });
  if (contiguousMs === 0 && fresh.outage.bad === 0 && formula !== 'skew')
    return inconclusive(expected, 'no connection failed: the fault did not reach the service', { charts });
  if (contiguousMs <= limitMs) return pass(expected, seen, { figures, charts });
  return fail(expected, seen, {
    cause: 'VRRP timers longer than configured, or the take-over is not announced',
    mend: 'compare advert_int and priority on both directors; see ARP-09',
    figures,
    charts,
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
  mutants: [noBackup],
  disturbs: true,
  observe: async ({ lab, note }) => {
    note('cutting the link of the active director under load');
    return takeOver(lab, (director) => lab.faults.cutLink(director));
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
  mutants: [noBackup],
  disturbs: true,
  observe: async ({ lab, note }) => {
    note('stopping keepalived on the active director under load');
    return takeOver(lab, (director) => lab.faults.signalDirector(director, 'TERM'));
  },
  judge: (observation, { spec }) =>
    judgeTakeOver(spec, observation, vrrpTimes(spec).skewMs + slackMs, 'skew'),
});
