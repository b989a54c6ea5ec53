import { type Command, InvalidArgumentError } from 'commander';
import { checks } from '../../../suites/index.ts';
import { driverTraitsOf } from '../../model/driver-traits.ts';
import { findLab, readLab } from '../../model/labfile/index.ts';
import type { RandomFault } from '../../model/random-fault.ts';
import type { LabSpec } from '../../model/spec.ts';
import { progressReporter, randomLine, terminalSummary } from '../../report/index.ts';
import { allJudgedFor } from '../../run/own.ts';
import { selectChecks } from '../../run/select.ts';
import { exitCode, LabUnavailable, UsageError } from '../../util/errors.ts';
import { interruptible } from '../outside/context.ts';
import { execute } from '../outside/execute.ts';
import { terminal } from '../outside/terminal.ts';
import { usualSeed } from '../outside/times.ts';
import { executable, type RunOptions, withReport } from './run.ts';

interface MutantsOptions extends RunOptions {
  own?: boolean;
  random?: number;
  only: string[];
}

export function addMutants(program: Command, setExit: (code: number) => void): void {
  withReport(program.command('mutants'))
    .summary('prove that the checks can fail: break the lab on purpose, print the kill matrix')
    .description(
      'Breaks a fresh lab once for each mutant and shows that its check fails, for the stated reason. With --random, breaks it once for each of so many faults that nobody chose (routes, neighbours, addresses, filters, tables, daemons …), and counts which of them a run finds, with the right host and the right cause first; one in ten is harmless and must not be found.',
    )
    .argument('[check-prefix...]', 'such as arp, ARP-01 or HA')
    .option('--own', 'run only the check that a mutant belongs to, not the other MUST checks')
    .option('--random <n>', 'n faults drawn at random instead; --seed draws others', faultNumber)
    .option('--only <fault>', 'of those drawn only this one, such as R07; may be repeated', collected, [])
    .addHelpText(
      'after',
      '\nExamples:\n  drlab mutants ARP-01\n  drlab mutants --random 20 --seed 7 --lab routed',
    )
    .action(async (prefixes: string[], options: MutantsOptions) =>
      setExit(
        options.random === undefined
          ? await killMatrix(prefixes, options)
          : await random(prefixes, options, options.random),
      ),
    );
}

const collected = (value: string, before: string[]): string[] => [...before, value];

const mostFaults = 1000;

function faultNumber(text: string): number {
  const n = Number(text);
  if (Number.isInteger(n) && n >= 1 && n <= mostFaults) return n;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${mostFaults}.`);
}

async function killMatrix(prefixes: string[], options: MutantsOptions): Promise<number> {
  if (options.only.length > 0)
    throw new UsageError('--only chooses among faults drawn at random', {
      hint: `drlab mutants --random 20 --only ${options.only[0]}; a mutant's check is chosen by its name: drlab mutants ARP-01`,
    });
  const { mutantCases } = await import('../../run/mutants.ts');
  const selected = selectChecks(checks, prefixes).filter((check) => check.mutants.length > 0);
  return execute({
    command: 'mutants',
    ...(await executable(options)),
    checksFor: (spec) => allJudgedFor(spec, selected),
    casesOf: (spec, chosen) => mutantCases(spec, chosen, options.own ? [] : checks),
  });
}

async function random(prefixes: string[], options: MutantsOptions, count: number): Promise<number> {
  if (options.own)
    throw new UsageError('--own is for mutants, which belong to a check; random faults belong to none', {
      hint: 'choose the checks that are run on each: drlab mutants arp --random 20',
    });
  const { json = false, quiet = false } = options;
  const seed = options.seed ?? usualSeed;
  const lab = await readLab(await findLab(options.lab));
  const faults = await drawn(lab.spec, count, seed, options.only);
  const { runRandom } = await import('../outside/random/run.ts');
  const { write, ...screen } = terminal();
  const say = json ? () => {} : write;
  const reporter = progressReporter({ ...screen, write: say, quiet, json: false });
  const { record, paths, refusal } = await runRandom({
    ...{ lab, faults, seed, reporter, signal: interruptible() },
    ...{ sandbox: options.sandbox, kernel: options.kernel, time: options.time },
    ...{ jobs: options.jobs, out: options.out },
    checks: selectChecks(allJudgedFor(lab.spec, checks), prefixes, 'lab'),
    judged: (result) => {
      if (!quiet) say(`${randomLine(result, screen)}\n`);
    },
  }).finally(() => reporter.close());
  if (refusal && record.exitCode === exitCode.unavailable) throw new LabUnavailable(refusal.message, refusal);
  write(json ? `${JSON.stringify(record)}\n` : `${terminalSummary(record, screen)}\nReport: ${paths.html}\n`);
  return record.exitCode;
}

/** @throws {UsageError} for a lab that random faults are not for, or an ID that was not drawn. */
async function drawn(
  spec: LabSpec,
  count: number,
  seed: number,
  only: readonly string[],
): Promise<RandomFault[]> {
  if (!driverTraitsOf(spec).runsProgramsOfSandbox)
    throw new UsageError(
      `random faults are put into labs of namespaces, and «${spec.name}» is one of ${spec.driver.kind}`,
      {
        hint: 'drlab mutants --random 20 --lab default',
      },
    );
  const { drawFaults } = await import('../../../suites/random/index.ts');
  const all = drawFaults(spec, count, seed);
  const wanted = only.map((id) => id.toUpperCase());
  const unknown = wanted.find((id) => all.every((fault) => fault.id !== id));
  if (unknown !== undefined)
    throw new UsageError(`${unknown} is not among the ${count} faults drawn`, {
      hint: `they are ${all[0]?.id} to ${all.at(-1)?.id}; --random ${mostFaults} draws more, and begins with the same`,
    });
  return wanted.length === 0 ? all : all.filter(({ id }) => wanted.includes(id));
}
