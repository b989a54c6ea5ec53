import {
  type ExplorationRecord,
  type Finding,
  type PlannedFault,
  type Schedule,
  type ScheduleOutcome,
  type Shrunk,
  verdictOf,
} from '../../model/exploration.ts';
import { describeFault } from '../../model/fault.ts';
import { type InvariantId, invariants } from '../../model/invariants.ts';
import { plural } from '../text/units.ts';

type Kind = Finding['verdict'];

export const verdictFor = { holds: 'pass', fails: 'fail', inconclusive: 'inconclusive' } as const;

/** `1.5 s for 2 s: the switch port of d1 is down`; seconds from the steady load. */
export const faultWords = ({ fault, beginMs, durationMs }: PlannedFault): string =>
  `at ${seconds(beginMs)} for ${seconds(durationMs)}: ${describeFault(fault)}`;

export const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(2))} s`;

/** Why an outcome is what it is, in one sentence. */
export function whyOf({ findings, broken }: ScheduleOutcome): string {
  if (broken !== undefined) return `nothing could be observed: ${broken}`;
  const worst = findings.filter(({ verdict }) => verdict === 'fails');
  const told = worst.length > 0 ? worst : findings.filter(({ verdict }) => verdict === 'inconclusive');
  return told.map(({ invariant, seen }) => `${invariant}: ${seen}`).join('; ');
}

export interface Conclusion {
  headline: string;
  detail: string;
  kind: Kind;
}

export function conclude(record: ExplorationRecord): Conclusion {
  const { outcomes, planned, exitCode } = record;
  const of = (kind: Kind) => outcomes.filter((one) => verdictOf(one) === kind).length;
  const [failing, open] = [of('fails'), of('inconclusive')];
  const tried = `${outcomes.length === planned ? '' : `${outcomes.length} of `}${plural(planned, 'schedule')}`;
  const parts = [
    failing > 0 ? `${plural(failing, 'schedule')} broke an invariant` : '',
    open > 0 ? `${plural(open, 'schedule')} could not be judged` : '',
  ].filter((part) => part !== '');
  const detail = `${tried} tried; ${parts.length > 0 ? parts.join(', ') : 'all invariants hold in each'}`;
  if (failing > 0) return { headline: 'An invariant fails', detail, kind: 'fails' };
  if (exitCode === 130) return { headline: 'Interrupted', detail, kind: 'inconclusive' };
  return open > 0 || outcomes.length < planned
    ? { headline: 'Inconclusive', detail, kind: 'inconclusive' }
    : { headline: 'All invariants hold', detail, kind: 'holds' };
}

export interface InvariantRow {
  id: InvariantId;
  title: string;
  holds: number;
  fails: number[];
  inconclusive: number[];
}

/** For each invariant how often it held, and the seeds where it did not. */
export function invariantRows({ outcomes }: Pick<ExplorationRecord, 'outcomes'>): InvariantRow[] {
  return (Object.keys(invariants) as InvariantId[]).map((id) => {
    const seeds = (kind: Kind) =>
      outcomes
        .filter(({ findings }) => findings.some((one) => one.invariant === id && one.verdict === kind))
        .map(({ schedule }) => schedule.seed);
    return {
      id,
      title: invariants[id],
      holds: seeds('holds').length,
      fails: seeds('fails'),
      inconclusive: seeds('inconclusive'),
    };
  });
}

/** Invariants that fail and of which no schedule was made shorter, with the first seed of each. */
export function notShrunk(
  record: Pick<ExplorationRecord, 'outcomes' | 'shrunk'>,
): { id: InvariantId; seed: number }[] {
  const done = new Set(record.shrunk.map(({ invariant }) => invariant));
  return invariantRows(record).flatMap(({ id, fails: [seed] }) =>
    seed === undefined || done.has(id) ? [] : [{ id, seed }],
  );
}

/** `1, 4, 9 and 12 more`. */
export function seedsText(seeds: readonly number[], most = 8): string {
  const shown = seeds.slice(0, most).join(', ');
  return seeds.length > most ? `${shown} and ${seeds.length - most} more` : shown;
}

export const shrunkText = ({ reproduced, minimal, trials }: Shrunk): string => {
  if (!reproduced) return 'did not fail again on a fresh lab, so nothing was shortened';
  return `${minimal ? 'nothing shorter fails' : 'perhaps not the shortest: no trials were left'} (${plural(trials, 'trial')})`;
};

/** How many of each kind of fault were tried. */
export function faultCounts(schedules: readonly Schedule[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { fault } of schedules.flatMap(({ faults }) => faults))
    counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** What does the same again; words with a space are quoted. */
export function replayCommand(record: Pick<ExplorationRecord, 'lab' | 'fidelity'>, how: string): string {
  const lab = /^lab\/topologies\/(\w+)\.yaml$/.exec(record.lab.file)?.[1] ?? record.lab.file;
  const words = [
    'drlab explore failover',
    how,
    lab === 'explore' ? '' : `--lab ${/[^\w./-]/.test(lab) ? `'${lab}'` : lab}`,
    record.fidelity?.time === 'real' ? '--time real' : '',
  ];
  return words.filter((word) => word !== '').join(' ');
}

/** File of the shortest schedule, in the exploration's folder. */
export const replayName = ({ seed, invariant }: Pick<Shrunk, 'seed' | 'invariant'>): string =>
  `seed-${seed}-${invariant.replaceAll(' ', '-')}.json`;
