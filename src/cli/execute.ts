import { machineFacts, toolVersions } from '../../lab/machine/index.ts';
import { checks as allChecks } from '../../suites/index.ts';
import type { Check } from '../model/check.ts';
import type { Case } from '../model/job.ts';
import { readLab } from '../model/labfile/index.ts';
import type { RunRecord, SandboxTrial } from '../model/record.ts';
import type { LabSpec } from '../model/spec.ts';
import { progressReporter, terminalSummary, writeReports } from '../report/index.ts';
import { assemble } from '../run/assemble.ts';
import { exitCode } from '../util/errors.ts';
import { interruptible, newRunId, ownVersion, runFolder } from './context.ts';
import { launch, needsOf, type SandboxName } from './launch.ts';
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
  const reporter = progressReporter({ ...screen, write, quiet: options.quiet, json: options.json });
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
  }).finally(() => reporter.close());
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
      lab,
    },
    cases,
    allChecks,
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

function choiceText(trials: readonly SandboxTrial[]): string {
  const taken = trials.find((trial) => trial.taken);
  const others = trials.filter((trial) => !trial.taken).map((trial) => `not ${trial.sandbox}: ${trial.why}`);
  return [`sandbox ${taken?.sandbox}: ${taken?.why}`, ...others].join('; ');
}
