import { isAbsolute, relative } from 'node:path';
import { machineFacts, toolVersions } from '../../lab/machine/index.ts';
import type { Check } from '../model/check.ts';
import type { Case } from '../model/job.ts';
import { readLab } from '../model/labfile/index.ts';
import type { CheckResult, RunRecord, SandboxTrial } from '../model/record.ts';
import type { LabSpec } from '../model/spec.ts';
import { progressReporter, terminalSummary, writeReports } from '../report/index.ts';
import { assemble } from '../run/assemble.ts';
import { meaningOf } from '../run/mutants.ts';
import { exitCode, LabUnavailable } from '../util/errors.ts';
import { dropUnused, interruptible, newRunId, ownVersion, runFolder } from './context.ts';
import { launch, needsOf, type SandboxName } from './launch.ts';
import { packageRoot } from './package.ts';
import { terminal } from './terminal.ts';

export interface ExecuteOptions {
  command: RunRecord['command'];
  labPath: string;
  sandbox: SandboxName;
  out?: string | undefined;
  json: boolean;
  quiet: boolean;
  casesOf: (spec: LabSpec) => Case[];
  checks: readonly Check[];
}

/** Runs cases in a sandbox, records them, writes the reports, and says where they are. */
export async function execute(options: ExecuteOptions): Promise<number> {
  const lab = await readLab(options.labPath);
  const id = newRunId(lab.spec.name);
  const outDir = await runFolder(options.out, id);
  const startedAt = new Date().toISOString();
  const { write, ...screen } = terminal();
  const reporter = progressReporter({
    ...screen,
    // With --json the record is all there is to read.
    write: options.json ? () => {} : write,
    quiet: options.quiet,
    json: false,
    ...(options.command === 'mutants' && {
      meaning: (name: string, result: CheckResult) => meaningOf(options.checks, name, result),
    }),
  });
  const signal = interruptible();
  const cases = options.casesOf(lab.spec);
  const facts = Promise.all([machineFacts(), toolVersions(), ownVersion()]);
  const launched = await launch({
    job: { kind: 'checks', cases, outDir },
    sandbox: options.sandbox,
    needs: needsOf(lab.spec),
    onChoice: (trials) => reporter.note(choiceText(trials)),
    onEvent: (event) => reporter.onEvent(event),
    signal,
  })
    .catch(async (error) => {
      if (error instanceof LabUnavailable) await dropUnused(outDir);
      throw error;
    })
    .finally(() => reporter.close());
  const [machine, versions, drlab] = await facts;
  const record = assemble(
    {
      id,
      command: options.command,
      commandLine: ['drlab', ...process.argv.slice(2)].join(' '),
      startedAt,
      finishedAt: new Date().toISOString(),
      drlab,
      machine,
      sandbox: launched.sandbox,
      sandboxTrials: launched.trials,
      versions,
      lab: { ...lab, file: shownPath(lab.file) },
    },
    cases,
    options.checks,
    launched.events,
    launched.problem,
  );
  if (signal.aborted) record.exitCode = exitCode.interrupted;
  const paths = await writeReports(record, outDir);
  if (options.json) process.stdout.write(`${JSON.stringify(record)}\n`);
  else {
    write(`${terminalSummary(record, screen)}\n`);
    write(`Report: ${paths.html}\n`);
  }
  return record.exitCode;
}

/** Ready-made labs by their place in the project, others as they were named: a report travels. */
function shownPath(file: string): string {
  const within = relative(packageRoot, file);
  return within.startsWith('..') || isAbsolute(within) ? file : within;
}

function choiceText(trials: readonly SandboxTrial[]): string {
  const taken = trials.find((trial) => trial.taken);
  const others = trials.filter((trial) => !trial.taken).map((trial) => `not ${trial.sandbox}: ${trial.why}`);
  return [`sandbox ${taken?.sandbox}: ${taken?.why}`, ...others].join('; ');
}
