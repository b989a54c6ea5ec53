import type { RandomFault } from '../model/random-fault.ts';
import type { CheckResult, RandomFaultResult, RandomFaults, RunRecord } from '../model/record.ts';
import { hostSpec, hostsOf, type LabSpec } from '../model/spec.ts';
import { type ExitCode, exitCode } from '../util/errors.ts';
import { exitOf } from './verdict.ts';

/** What a run said of a lab that one random fault had broken, against what was done to it. */

export type FaultRun = Pick<RunRecord, 'results' | 'faults' | 'exitCode'>;

type Scored = Pick<RandomFaultResult, 'outcome' | 'first' | 'others' | 'reason'>;

/**
 * @param run its results in the order in which its report shows them
 * @param before the results of the unbroken lab: what is found there, too, is not about the fault
 */
export function scoreOf(
  fault: RandomFault,
  spec: LabSpec,
  run: FaultRun,
  before: readonly CheckResult[],
): Scored {
  const known = new Set(before.filter(isFinding).map(({ id }) => id));
  const [first, ...others] = run.results.filter((one) => isFinding(one) && !known.has(one.id));
  const harmless = fault.cause === undefined;
  if (!first) {
    const reason = whyNoVerdict(run);
    if (reason !== undefined) return { outcome: 'no-verdict', others: [], reason };
    return { outcome: harmless ? 'quiet' : 'missed', others: [] };
  }
  const { id: check, verdict, seen = '', cause } = first;
  return {
    outcome: harmless ? 'false-alarm' : rightness(fault, spec, first),
    first: { check, verdict, seen, ...(cause !== undefined && { cause }) },
    others: others.map((one) => ({ check: one.id, verdict: one.verdict })),
  };
}

const isFinding = ({ verdict }: CheckResult): boolean => verdict === 'fail' || verdict === 'warn';

function whyNoVerdict({ results, faults, exitCode: code }: FaultRun): string | undefined {
  if (code === exitCode.interrupted) return 'interrupted';
  if (results.some(({ verdict }) => verdict === 'pass')) return undefined;
  return (
    faults[0]?.message ?? results.find(({ reason }) => reason !== undefined)?.reason ?? 'no check was judged'
  );
}

function rightness(fault: RandomFault, spec: LabSpec, first: CheckResult): RandomFaultResult['outcome'] {
  if (!namesHost(fault, spec, first)) return 'wrong-host';
  return fault.cause?.test(`${first.seen}; ${first.cause}`) ? 'right' : 'wrong-cause';
}

/** Of the hosts that the cause names, or without any what was seen: naming all of a role is naming none. */
function namesHost({ hosts }: RandomFault, spec: LabSpec, { seen, cause }: CheckResult): boolean {
  const ofCause = namedIn(cause, spec);
  const named = ofCause.length > 0 ? ofCause : namedIn(seen, spec);
  return hosts.some((host) => {
    const alike = hostsOf(spec, hostSpec(spec, host).role).map(({ name }) => name);
    const others = alike.filter((name) => !hosts.includes(name));
    return named.includes(host) && (others.length === 0 || !others.every((name) => named.includes(name)));
  });
}

function namedIn(text: string | undefined, { hosts }: LabSpec): string[] {
  const words = new Set(text?.split(/[^\w-]+/));
  return hosts.map(({ name }) => name).filter((name) => words.has(name));
}

export function countsOf(faults: readonly Pick<RandomFaultResult, 'outcome'>[]): RandomFaults['counts'] {
  const count = (...outcomes: RandomFaultResult['outcome'][]): number =>
    faults.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const right = count('right');
  const rightHost = right + count('wrong-cause');
  const found = rightHost + count('wrong-host');
  return {
    faults: found + count('missed'),
    found,
    rightHost,
    rightCause: right,
    harmless: count('quiet', 'false-alarm'),
    falseAlarms: count('false-alarm'),
    noVerdict: count('no-verdict'),
  };
}

/** 0 only where every fault was found, with its host and its cause, and nothing harmless was taken for one. */
export function exitOfRandom(
  { counts }: Pick<RandomFaults, 'counts'>,
  before: Pick<RunRecord, 'results' | 'faults'>,
): ExitCode {
  const lab = exitOf(before.results, before.faults.length);
  if (lab !== exitCode.conformant) return lab;
  if (counts.rightCause < counts.faults || counts.falseAlarms > 0) return exitCode.notConformant;
  if (counts.noVerdict > 0) return exitCode.inconclusive;
  return counts.faults + counts.harmless > 0 ? exitCode.conformant : exitCode.nothingRan;
}
