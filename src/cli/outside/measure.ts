import { isAbsolute, relative } from 'node:path';
import { machineFacts, toolVersions } from '../../../lab/machine/index.ts';
import { readSignatures } from '../../../suites/recorded/signatures.ts';
import type { Check } from '../../model/check.ts';
import type { Claim } from '../../model/claim.ts';
import type { Case } from '../../model/job.ts';
import type { SandboxName } from '../../model/kinds.ts';
import type { RunRecord, SandboxTrial } from '../../model/record.ts';
import { hostsOf, type LabSpec } from '../../model/spec.ts';
import { type Progress, writeReports } from '../../report/index.ts';
import { assemble, refusalOf } from '../../run/assemble.ts';
import { decideClaims } from '../../run/decide.ts';
import { diagnose } from '../../run/diagnose.ts';
import { exitCode, LabUnavailable } from '../../util/errors.ts';
import { packageRoot } from '../../util/root.ts';
import { dropUnused, newRunId, ownVersion, runFolder } from './context.ts';
import { needsOf } from './launch.ts';
import { launchAll } from './launch-all.ts';
import { type TimeName, usualSeed } from './times.ts';

export interface Measurement {
  command: RunRecord['command'];
  lab: { file: string; text: string; spec: LabSpec };
  sandbox: SandboxName;
  kernel?: string | undefined;
  /** Default: real. */
  time?: TimeName | undefined;
  seed?: number | undefined;
  out?: string | undefined;
  cases: Case[];
  checks: readonly Check[];
  /** Why checks are left out, by their IDs; they are in no case. */
  skipped?: ReadonlyMap<string, string>;
  /** Decided from the results. */
  claims?: readonly Claim[];
  /** Labs side by side; default: what the machine has CPUs for. */
  jobs?: number | undefined;
  reporter: Progress;
  signal: AbortSignal;
}

export interface Measured {
  record: RunRecord;
  /** Where the reports are. */
  paths: Awaited<ReturnType<typeof writeReports>>;
  /** Why the driver cannot build the lab here, where none was ever up: nothing was run then. */
  refusal?: { message: string; hint?: string };
}

/**
 * Runs cases in a sandbox, records them and writes the reports; an interrupted run as far as it came.
 * @throws {LabUnavailable} when there is no sandbox for the lab; nothing is left behind then.
 */
export async function measure(what: Measurement): Promise<Measured> {
  const { lab, cases, reporter, signal } = what;
  const id = newRunId(lab.spec.name);
  const outDir = await runFolder(what.out, id);
  const startedAt = new Date().toISOString();
  const facts = Promise.all([machineFacts(), toolVersions(), ownVersion()]);
  const launched = await launchAll({
    cases,
    checks: what.checks,
    outDir,
    spec: lab.spec,
    jobs: what.jobs,
    sandbox: what.sandbox,
    kernel: what.kernel,
    time: what.time,
    seed: what.seed,
    onNote: (text) => reporter.note(text),
    needs: needsOf(lab.spec),
    onChoice: (trials) => reporter.note(choiceText(trials)),
    onEvent: (event) => reporter.onEvent(event),
    signal,
  }).catch(async (error) => {
    if (error instanceof LabUnavailable) await dropUnused(outDir);
    throw error;
  });
  const [machine, versions, drlab] = await facts;
  const record = assemble(
    {
      id,
      command: what.command,
      commandLine: [
        'drlab',
        ...process.argv.slice(2).map((word) => (isAbsolute(word) ? shownPath(word) : word)),
      ].join(' '),
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
    what.checks,
    launched.events,
    {
      problem: launched.problem,
      interrupted: signal.aborted,
      ...(what.skipped && { skipped: what.skipped }),
    },
  );
  const inVirtualTime = [record, ...record.results].some(({ fidelity }) => fidelity?.time === 'virtual');
  if (inVirtualTime) record.seed = what.seed ?? usualSeed;
  if (what.claims) {
    record.claims = decideClaims(what.claims, record.results);
    const open = record.claims.some((claim) => claim.verdict === 'open');
    if (open && record.exitCode === exitCode.conformant) record.exitCode = exitCode.inconclusive;
  }
  if (what.command !== 'mutants') {
    const servers = hostsOf(lab.spec, 'realServer').map(({ name }) => name);
    const diagnosis = diagnose(record.results, readSignatures(packageRoot), what.checks, servers);
    if (diagnosis.length > 0) record.diagnosis = diagnosis;
  }
  if (signal.aborted) record.exitCode = exitCode.interrupted;
  const refusal = refusalOf(launched.events);
  return { record, paths: await writeReports(record, outDir), ...(refusal && { refusal }) };
}

/** Ready-made labs by their place in the project, others as they were named: a report travels. */
export function shownPath(file: string): string {
  const within = relative(packageRoot, file);
  return within.startsWith('..') || isAbsolute(within) ? file : within;
}

function choiceText(trials: readonly SandboxTrial[]): string {
  const taken = trials.filter((trial) => trial.taken).map((trial) => `${trial.sandbox}: ${trial.why}`);
  const others = trials.filter((trial) => !trial.taken).map((trial) => `not ${trial.sandbox}: ${trial.why}`);
  return [`sandbox ${taken.join(', and ')}`, ...others].join('; ');
}
