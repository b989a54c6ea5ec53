import type { Check } from '../model/check.ts';
import type { RunEvent } from '../model/events.ts';
import type { Case } from '../model/job.ts';
import type { CheckResult, RunRecord, UnsettledLab } from '../model/record.ts';
import { recordVersion } from '../model/versions.ts';
import { exitCode } from '../util/errors.ts';
import { explained } from './because.ts';
import { withoutLab } from './check.ts';
import { failedHooks } from './hooks.ts';
import { killMatrix } from './mutants.ts';
import { caseName } from './purpose.ts';
import { exitOf, exitOfMutants } from './verdict.ts';

export interface RunMeta
  extends Pick<
    RunRecord,
    | 'id'
    | 'command'
    | 'commandLine'
    | 'startedAt'
    | 'finishedAt'
    | 'drlab'
    | 'machine'
    | 'sandboxTrials'
    | 'versions'
    | 'lab'
  > {
  sandbox: RunRecord['fidelity']['sandbox'];
}

/** How the inside ended, and what it was not asked. */
export interface Ending {
  /** What ended it early. */
  problem?: string | undefined;
  /** The user did. */
  interrupted?: boolean;
  /** Why a check was left out on request, by its ID; its verdict is `skipped`. */
  skipped?: ReadonlyMap<string, string>;
}

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/**
 * The record of a run, from what the inside told and what was asked of it. A check that was asked for and
 * never ended is `broken`, and where the user interrupted the run or a hook failed, not run; `problem` says what ended the inside early.
 */
export function assemble(
  meta: RunMeta,
  cases: readonly Case[],
  checks: readonly Check[],
  events: readonly RunEvent[],
  { problem, interrupted = false, skipped }: Ending = {},
): RunRecord {
  const of = <T extends RunEvent['type']>(type: T): EventOf<T>[] =>
    events.filter((event): event is EventOf<T> => event.type === type);
  const refusal = refusalOf(events);
  const whyNot = refusal
    ? `the lab cannot be built here: ${refusal.message}`
    : `it never ended: ${problem ?? 'the runner stopped before it'}`;
  const ended = of('check-end');
  const hooks = failedHooks(events, meta.lab);
  const cutOff = interrupted || (hooks.cutOff && problem === undefined);
  const results = new Map(
    cases.map((one) => [caseName(one), resultsOf(cutOff ? upToNow(one, ended) : one, checks, ended, whyNot)]),
  );
  const notRun = cutOff ? cases.flatMap((one) => notEnded(one, ended)) : [];
  const labUps = of('lab-up');
  const [firstCase] = cases;
  const first = labUps.filter((event) => firstCase && event.case === caseName(firstCase));
  const told = [...first, ...labUps].find((event) => event.hosts.length > 0) ?? labUps[0];
  const faults = [
    ...[...(refusal ? [refusal] : []), ...of('fault')].map(({ message, hint }) =>
      hint === undefined ? { message } : { message, hint },
    ),
    ...hooks.faults,
    ...(problem === undefined || interrupted
      ? []
      : [{ message: problem, hint: 'raw/console.log shows what the guest printed last' }]),
  ];
  const { sandbox, ...rest } = meta;
  const kernel = of('hello')[0]?.kernel;
  const simulated = simulatedOf(cases, of('case-end'));
  const unsettled = unsettledOf(of('unsettled'));
  const record: RunRecord = {
    version: recordVersion,
    ...rest,
    versions: { ...(kernel === undefined ? {} : { 'kernel in the sandbox': kernel }), ...meta.versions },
    ...(simulated.length > 0 && { simulated }),
    durationMs: Date.parse(meta.finishedAt) - Date.parse(meta.startedAt),
    fidelity: of('fidelity')[0]?.fidelity ?? { sandbox, time: 'real', cpus: 0, network: 'unknown' },
    ...(unsettled.length > 0 && { unsettled }),
    configs: told?.configs ?? [],
    hosts: told?.hosts ?? [],
    results: inCatalogueOrder(checks, [
      ...(meta.command === 'mutants'
        ? unbrokenResults(cases, results, 'before')
        : explained(checks, unbrokenResults(cases, results, 'run'), meta.lab.spec)),
      ...checks.flatMap((check) => {
        const reason = skipped?.get(check.id);
        return reason === undefined ? [] : [withoutLab(check, reason, 'skipped')];
      }),
    ]),
    ...(notRun.length > 0 && { notRun: [...new Set(notRun)] }),
    faults,
    exitCode: 0,
  };
  if (hooks.noLab) return { ...record, exitCode: exitCode.labFile };
  if (meta.command !== 'mutants') {
    return { ...record, exitCode: refusal ? exitCode.unavailable : exitOf(record.results, faults.length) };
  }
  const after = unbrokenResults(cases, results, 'after');
  const mutants = killMatrix(checks, cases, results);
  return {
    ...record,
    mutants,
    // What ended the inside early is reported once, and not again for each check that it left out.
    faults: refusal || problem !== undefined ? faults : [...faults, ...afterwards(after)],
    exitCode: refusal
      ? exitCode.unavailable
      : exitOfMutants(mutants, [...record.results, ...after], faults.length),
  };
}

/** A case whose lab is built several times lacks the same each time, as a rule. */
const unsettledOf = (told: readonly EventOf<'unsettled'>[]): UnsettledLab[] => [
  ...new Map(told.map(({ case: name, lacks }) => [`${name} ${lacks}`, { case: name, lacks }])).values(),
];

/** What each case simulated, wherever its parts were. */
function simulatedOf(
  cases: readonly Case[],
  ends: readonly EventOf<'case-end'>[],
): NonNullable<RunRecord['simulated']> {
  return cases.map(caseName).flatMap((name) => {
    const own = ends.filter((end) => end.case === name);
    if (own.length === 0) return [];
    return [{ case: name, ms: own.reduce((sum, { simulatedMs }) => sum + simulatedMs, 0) }];
  });
}

/** The results of the lab as written and of its stages. */
const unbrokenResults = (
  cases: readonly Case[],
  results: Map<string, CheckResult[]>,
  when: 'run' | 'before' | 'after',
): CheckResult[] =>
  cases
    .filter(({ purpose }) => purpose.kind === 'unbroken' && purpose.when === when)
    .flatMap((one) => results.get(caseName(one)) ?? []);

function inCatalogueOrder(checks: readonly Check[], results: CheckResult[]): CheckResult[] {
  const place = new Map(checks.map((check, i) => [check.id, i]));
  return results.toSorted((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
}

/** Why the driver cannot build the lab here at all; undefined once one was up. */
export function refusalOf(events: readonly RunEvent[]): EventOf<'unavailable'> | undefined {
  if (events.some(({ type }) => type === 'lab-up')) return undefined;
  return events.find((event) => event.type === 'unavailable');
}

function resultsOf(
  one: Case,
  checks: readonly Check[],
  ends: readonly EventOf<'check-end'>[],
  whyNot: string,
): CheckResult[] {
  return one.checks.flatMap((id) => {
    const end = ends.find((event) => event.case === caseName(one) && event.result.id === id);
    if (end) return [end.result];
    const check = checks.find((candidate) => candidate.id === id);
    return check ? [withoutLab(check, whyNot)] : [];
  });
}

const notEnded = (one: Case, ends: readonly EventOf<'check-end'>[]): string[] =>
  one.checks.filter((id) => !ends.some((end) => end.case === caseName(one) && end.result.id === id));

const upToNow = (one: Case, ends: readonly EventOf<'check-end'>[]): Case => {
  const missing = notEnded(one, ends);
  return { ...one, checks: one.checks.filter((id) => !missing.includes(id)) };
};

const afterwards = (after: readonly CheckResult[]): { message: string }[] =>
  after
    .filter((result) => !['pass', 'warn', 'unsupported'].includes(result.verdict))
    .map(({ id, verdict, seen, reason }) => ({
      message: `after the mutants the unbroken lab is not green: ${id} ${verdict}: ${reason ?? seen}`,
    }));
