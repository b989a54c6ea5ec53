import { type Command, InvalidArgumentError, Option } from 'commander';
import { checks } from '../../../suites/index.ts';
import type { Check } from '../../model/check.ts';
import type { SandboxName } from '../../model/kinds.ts';
import { findLab } from '../../model/labfile/index.ts';
import { runCases } from '../../run/cases.ts';
import { allJudgedFor } from '../../run/own.ts';
import { type Profile, profiles, selectChecks, skippedChecks } from '../../run/select.ts';
import { execute } from '../outside/execute.ts';
import { type NightOptions, openNight, withNights } from '../outside/nights/options.ts';
import { type TimeName, timeNames, usualSeed } from '../outside/times.ts';

export interface LabOptions {
  lab: string;
  sandbox: SandboxName;
  kernel?: string;
}

export interface RunOptions extends LabOptions {
  profile: Profile;
  out?: string;
  jobs?: number;
  time: TimeName;
  seed?: number;
  json?: boolean;
  quiet?: boolean;
}

/** Options of every command that builds a lab. */
export const withLab = (command: Command): Command =>
  command
    .option('-l, --lab <lab>', 'a lab file, or the name of a ready-made lab', 'default')
    .addOption(
      new Option('-s, --sandbox <sandbox>', 'where the lab is built')
        .choices(['auto', 'none', 'host', 'uml', 'qemu'])
        .default('auto'),
    )
    .option(
      '-k, --kernel <kernel>',
      'for the qemu sandbox: 6.1, 6.12 or a bzImage (default: the newest one fetched)',
    );

function seedNumber(text: string): number {
  const n = Number(text);
  if (/^\d+$/.test(text) && n <= 0x7fff_ffff) return n;
  throw new InvalidArgumentError('Expected a whole number from 0 to 2147483647.');
}

function wholeNumber(text: string): number {
  const n = Number(text);
  if (Number.isInteger(n) && n >= 1 && n <= 64) return n;
  throw new InvalidArgumentError('Expected a whole number from 1 to 64.');
}

export const withReport = (command: Command): Command =>
  withLab(command)
    .option('-o, --out <dir>', 'folder for the run (default: reports/runs/<run-id>)')
    .option('-j, --jobs <n>', 'labs in parallel (default: one per CPU, plus one in real time)', wholeNumber)
    .addOption(
      new Option(
        '-t, --time <time>',
        'virtual: idle time costs nothing, and equal seeds give equal runs (drlab kernel build); auto: virtual for checks of behaviour, where available',
      )
        .choices(timeNames)
        .default('auto'),
    )
    .option('--seed <n>', `seed of the random numbers in virtual time (default: ${usualSeed})`, seedNumber)
    .option('--json', 'print the record as JSON, and nothing else')
    .option('-q, --quiet', 'no progress, only the summary');

/** What every command that runs checks hands on. */
export const executable = async (options: RunOptions) => ({
  labPath: await findLab(options.lab),
  sandbox: options.sandbox,
  kernel: options.kernel,
  out: options.out,
  jobs: options.jobs,
  time: options.time,
  seed: options.seed,
  json: options.json ?? false,
  quiet: options.quiet ?? false,
});

export function addRun(program: Command, setExit: (code: number) => void): void {
  withNights(withReport(program.command('run')))
    .summary('build the lab, run the checks, write the report')
    .description(
      'Builds the lab, runs the checks, writes the report. A check is selected by suite, ID or prefix.',
    )
    .argument('[check-prefix...]', 'such as arp, ARP-01 or HA')
    .addOption(profileOption())
    .option('--skip <check>', 'leave these out: a suite, an ID or a prefix; may be repeated', collected, [])
    .addHelpText('after', '\nExample:\n  drlab run arp path --lab routed --skip ARP-06')
    .action(async (prefixes: string[], options: RunOptions & NightOptions & { skip: string[] }) => {
      const skippedOf = (selected: readonly Check[]) => skippedChecks(checks, selected, options.skip);
      const night = await openNight(options);
      setExit(
        await execute({
          command: 'run',
          ...(await executable(options)),
          checksFor: (spec) => selectChecks(allJudgedFor(spec, checks), prefixes, options.profile),
          casesOf: (spec, selected) => {
            const skipped = skippedOf(selected);
            return runCases(
              spec,
              selected.filter(({ id }) => !skipped.has(id)),
            );
          },
          skippedOf,
          ...(night && { night }),
        }),
      );
    });
}

const collected = (value: string, before: string[]): string[] => [...before, value];

const profileOption = (): Option =>
  new Option(
    '-p, --profile <profile>',
    'lab: checks of the lab as written; conformance: all MUST and SHOULD, also in labs derived from it; all: measurements, too',
  )
    .choices(profiles)
    .default('lab');
