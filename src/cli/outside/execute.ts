import type { Check } from '../../model/check.ts';
import type { Claim } from '../../model/claim.ts';
import type { Case } from '../../model/job.ts';
import type { SandboxName } from '../../model/kinds.ts';
import { readLab } from '../../model/labfile/index.ts';
import type { CheckResult, RunRecord } from '../../model/record.ts';
import type { LabSpec } from '../../model/spec.ts';
import { progressReporter, terminalSummary } from '../../report/index.ts';
import { meaningOf } from '../../run/mutants.ts';
import { caseName } from '../../run/purpose.ts';
import { exitCode, LabUnavailable } from '../../util/errors.ts';
import { interruptible } from './context.ts';
import { measure } from './measure.ts';
import { endNight } from './nights/night.ts';
import type { Night } from './nights/options.ts';
import { terminal } from './terminal.ts';
import type { TimeName } from './times.ts';

export interface ExecuteOptions {
  command: RunRecord['command'];
  labPath: string;
  sandbox: SandboxName;
  kernel?: string | undefined;
  time?: TimeName | undefined;
  seed?: number | undefined;
  out?: string | undefined;
  jobs?: number | undefined;
  json: boolean;
  quiet: boolean;
  /** Those that are asked of this lab. */
  checksFor: (spec: LabSpec) => readonly Check[];
  casesOf: (spec: LabSpec, checks: readonly Check[]) => Case[];
  skippedOf?: (checks: readonly Check[]) => ReadonlyMap<string, string>;
  claims?: readonly Claim[];
  /** To be kept in a history, and judged against it. */
  night?: Night;
}

/**
 * One run from the command line: measures, tells about it, and returns the exit code.
 * @throws {LabUnavailable} when no sandbox or driver can build the lab; the report then says no more than that.
 */
export async function execute(options: ExecuteOptions): Promise<number> {
  const { command, json, quiet } = options;
  const lab = await readLab(options.labPath);
  const checks = options.checksFor(lab.spec);
  const cases = options.casesOf(lab.spec, checks);
  const { write, ...screen } = terminal();
  const reporter = progressReporter({
    ...screen,
    // With --json the record is all there is to read.
    write: json ? () => {} : write,
    quiet,
    json: false,
    ...(command === 'mutants' && {
      meaning: (name: string, result: CheckResult) => {
        const one = cases.find((each) => caseName(each) === name);
        return one && meaningOf(checks, one.purpose, result);
      },
    }),
  });
  const signal = interruptible();
  const measured = (out: string | undefined) =>
    measure({
      command,
      lab,
      sandbox: options.sandbox,
      kernel: options.kernel,
      time: options.time,
      seed: options.seed,
      out,
      jobs: options.jobs,
      cases,
      checks,
      ...(options.skippedOf && { skipped: options.skippedOf(checks) }),
      ...(options.claims && { claims: options.claims }),
      reporter,
      signal,
    });
  const { record, paths, refusal } = await measured(options.out)
    .then(async (first) => {
      if (options.night)
        await endNight({ night: options.night, measured: first, again: measured, tell: reporter.note });
      return first;
    })
    .finally(() => reporter.close());
  if (refusal && record.exitCode === exitCode.unavailable) {
    if (json) write(`${JSON.stringify(record)}\n`);
    throw new LabUnavailable(refusal.message, refusal);
  }
  write(json ? `${JSON.stringify(record)}\n` : `${terminalSummary(record, screen)}\nReport: ${paths.html}\n`);
  return record.exitCode;
}
