import { join } from 'node:path';
import type { Check } from '../../../model/check.ts';
import type { SandboxName } from '../../../model/kinds.ts';
import type { RandomFault } from '../../../model/random-fault.ts';
import type { RandomFaultResult, RunRecord } from '../../../model/record.ts';
import type { LabSpec } from '../../../model/spec.ts';
import { asShown, type Progress, writeReports } from '../../../report/index.ts';
import { runCases } from '../../../run/cases.ts';
import { countsOf, exitOfRandom, scoreOf } from '../../../run/random.ts';
import { exitCode } from '../../../util/errors.ts';
import { newRunId, runFolder } from '../context.ts';
import { type Measured, measure } from '../measure.ts';
import type { TimeName } from '../times.ts';

export interface RandomRun {
  lab: { file: string; text: string; spec: LabSpec };
  faults: readonly RandomFault[];
  seed: number;
  checks: readonly Check[];
  sandbox: SandboxName;
  kernel?: string | undefined;
  time: TimeName;
  /** Faults side by side; missing: one after the other, each with as many sandboxes as a run takes. */
  jobs?: number | undefined;
  out?: string | undefined;
  reporter: Progress;
  /** Told of each fault as it was judged. */
  judged(result: RandomFaultResult): void;
  signal: AbortSignal;
}

/**
 * Runs the checks on the lab as written, then once for each fault, as a user would: what is scored is what he would read.
 * @throws {LabUnavailable} when there is no sandbox for the lab.
 */
export async function runRandom(what: RandomRun): Promise<Measured> {
  const { lab, seed, signal, faults } = what;
  const out = await runFolder(what.out, newRunId(lab.spec.name));
  const begun = performance.now();
  const unbroken = await runOn(what, lab.spec, out, what.jobs, what.reporter);
  const scored: RandomFaultResult[] = [];
  const waiting = [...faults.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
      const [place, fault] = next;
      const result = await judge(what, fault, out, unbroken.record);
      scored[place] = result;
      what.judged(result);
    }
  };
  if (!unbroken.refusal) await Promise.all(Array.from({ length: what.jobs ?? 1 }, work));
  const results = scored.filter((one) => one !== undefined);
  const random = { seed, faults: results, counts: countsOf(results) };
  const { diagnosis, ...ofLab } = unbroken.record;
  const record: RunRecord = {
    ...ofLab,
    command: 'mutants',
    random,
    finishedAt: new Date().toISOString(),
    durationMs: Math.round(performance.now() - begun),
    exitCode: unbroken.refusal
      ? unbroken.record.exitCode
      : signal.aborted
        ? exitCode.interrupted
        : exitOfRandom({ counts: random.counts }, ofLab),
  };
  return { ...unbroken, record, paths: await writeReports(record, out) };
}

async function judge(
  what: RandomRun,
  fault: RandomFault,
  out: string,
  before: RunRecord,
): Promise<RandomFaultResult> {
  const { lab, jobs } = what;
  const { change, cause, ...told } = fault;
  const run = join('faults', `${fault.id}-${fault.kind}`);
  const begun = performance.now();
  const { record } = await runOn(what, change(lab.spec), join(out, run), jobs && 1, silent);
  return {
    ...told,
    ...scoreOf(fault, lab.spec, { ...record, results: asShown(record.results) }, before.results),
    run,
    tookMs: Math.round(performance.now() - begun),
  };
}

const runOn = (
  { lab, checks, sandbox, kernel, time, seed, signal }: RandomRun,
  spec: LabSpec,
  out: string,
  jobs: number | undefined,
  reporter: Progress,
): Promise<Measured> =>
  measure({
    command: 'run',
    lab: { ...lab, spec },
    cases: runCases(spec, checks),
    ...{ checks, sandbox, kernel, time, seed, out, jobs, reporter, signal },
  });

/** Many runs at once have no one to tell of each check. */
const silent: Progress = { onEvent: () => {}, note: () => {}, close: () => {} };
