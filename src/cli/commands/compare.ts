import type { Command } from 'commander';
import { workloads } from '../../../suites/workloads/index.ts';
import type { ComparisonRecord } from '../../model/comparison.ts';
import type { BegunComparison } from '../../model/state.ts';
import { comparisonTerminal, writeComparison } from '../../report/index.ts';
import { UsageError } from '../../util/errors.ts';
import { beginComparison, type CompareOptions } from '../outside/compare/begin.ts';
import { readBegun, saveBegun } from '../outside/compare/begun.ts';
import { ComparisonLines } from '../outside/compare/lines.ts';
import {
  comparedDirectors,
  readDirectors,
  readForwardings,
  readKernels,
  readSchedulers,
  readTime,
  readWorkloads,
  wholeFrom,
} from '../outside/compare/options.ts';
import { runComparison } from '../outside/compare/run.ts';
import { planText } from '../outside/compare/sizing.ts';
import { interruptible, runFolder } from '../outside/context.ts';
import { terminal } from '../outside/terminal.ts';
import { withLab } from './run.ts';

export function addCompare(program: Command, setExit: (code: number) => void): void {
  const ids = workloads.map(({ id }) => id).join(', ');
  withLab(program.command('compare'))
    .summary(
      'put the same load on several variants: schedulers, forwarding methods, directors, kernels, labs',
    )
    .description(
      'Measures variants of a lab under the same load, in random order within blocks and with the base twice in each, and says which to choose for which load and how certain that is.',
    )
    .option('--schedulers <list>', 'such as rr,wrr,lc,wlc,sh,mh; or all', readSchedulers)
    .option('--forward <list>', 'of dr,tun,nat,direct; direct bypasses the director', readForwardings)
    .option('--directors <list>', `of ${comparedDirectors.join(',')}`, readDirectors)
    .option('--kernels <list>', 'such as 6.1,6.12, in the qemu sandbox', readKernels)
    .option('--labs <lab...>', 'two or more lab files as they are')
    .option('-w, --workload <list>', `of ${ids}; or all`, readWorkloads, ['uniform'])
    .option('--base <variant>', 'the variant that the others are compared with (default: the first)')
    .option('--budget <time>', 'how long it may take, such as 8m; determines the number of blocks', readTime)
    .option('--blocks <n>', 'number of blocks, instead of a budget', wholeFrom(1, 1000))
    .option('--trial <time>', 'length of one trial (default: as the workload says)', readTime)
    .option('--seed <n>', 'seed of the order and the arrivals (default: random)', wholeFrom(0, 2 ** 32 - 1))
    .option('-o, --out <dir>', 'folder for the comparison (default: reports/runs/<id>)')
    .option('-r, --resume <dir>', 'resume an interrupted comparison')
    .option('--json', 'print the record as JSON, and nothing else')
    .option('-q, --quiet', 'no progress, only the summary')
    .addHelpText(
      'after',
      '\nExample:\n  drlab compare --schedulers rr,wrr,lc,wlc,sh,mh --workload slow-server --budget 8m',
    )
    .action(async (options: CompareOptions, command: Command) => setExit(await compare(options, command)));
}

async function compare(options: CompareOptions, command: Command): Promise<number> {
  const { json = false, quiet = false } = options;
  const { write, ...screen } = terminal();
  const say = (text: string): void => {
    if (!json && !quiet) write(`${text}\n`);
  };
  const { begun, dir } =
    options.resume === undefined ? await begin(options) : await resume(options.resume, command);
  const lines = new ComparisonLines();
  const record = await runComparison(
    begun,
    dir,
    {
      note: () => {},
      calibrates: (sandbox, variants) =>
        say(
          `sandbox ${sandbox}: each of ${variants} variants is brought up once, and the base measured shortly`,
        ),
      planned: (plan, calibration) => say(planText(plan, calibration)),
      ended: (trial, plan, left, tookMs) => say(lines.ended(trial, plan, left, tookMs)),
    },
    interruptible(),
  );
  const { html } = await writeComparison(record, dir);
  if (json) write(`${JSON.stringify(record)}\n`);
  else write(`${comparisonTerminal(record, screen)}\n${goOn(record, dir)}Report: ${html}\n`);
  return record.exitCode;
}

const goOn = ({ exitCode }: ComparisonRecord, dir: string): string =>
  exitCode === 130 ? `Resume it: drlab compare --resume ${dir}\n` : '';

async function begin(options: CompareOptions): Promise<{ begun: BegunComparison; dir: string }> {
  const begun = await beginComparison(options);
  const dir = await runFolder(options.out, begun.id);
  await saveBegun(dir, begun);
  return { begun, dir };
}

async function resume(dir: string, command: Command): Promise<{ begun: BegunComparison; dir: string }> {
  const allowed = new Set(['resume', 'json', 'quiet']);
  const other = Object.keys(command.opts()).find(
    (name) => !allowed.has(name) && command.getOptionValueSource(name) === 'cli',
  );
  if (other !== undefined)
    throw new UsageError(
      `a resumed comparison keeps the settings it began with, so --${other} has no effect`,
      {
        hint: `drlab compare --resume ${dir}`,
      },
    );
  const begun = await readBegun(dir);
  return { begun, dir: await runFolder(dir, begun.id) };
}
