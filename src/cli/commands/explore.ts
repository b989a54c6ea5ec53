import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { machineFacts } from '../../../lab/machine/index.ts';
import type { ExplorationRecord, ReplayFile } from '../../model/exploration.ts';
import { explorationVersion } from '../../model/versions.ts';
import { explorationLines, replayName, writeExploration, writeWhole } from '../../report/index.ts';
import { exitCodeOf } from '../../run/explore/record.ts';
import { exitCode, UsageError } from '../../util/errors.ts';
import { interruptible, newRunId, ownVersion, runFolder } from '../outside/context.ts';
import { type BegunExploration, beginExploration, type ExploreOptions } from '../outside/explore/begin.ts';
import { readSeeds } from '../outside/explore/options.ts';
import { type Explored, explore } from '../outside/explore/run.ts';
import { sideBySide } from '../outside/launch-all.ts';
import { shownPath } from '../outside/measure.ts';
import { terminal } from '../outside/terminal.ts';
import { withLab } from './run.ts';

/** Each takes as long as the schedule that it shortens. */
const usualTrials = 16;

export function addExplore(program: Command, setExit: (code: number) => void): void {
  const command = program.command('explore');
  withLab(command)
    .summary('run random schedules of faults, check invariants over each, and shorten those that fail')
    .description(
      'Tries schedules of faults made from seeds, each on a fresh lab under load, and judges invariants over each: one owner of the VIP, right answers, outages within the computed bounds, surviving connections, correct neighbour entries, equal tables.',
    )
    .argument('<subject>', 'what is explored: failover')
    .option('--seeds <range>', 'such as 1..100, or 3,5,8', readSeeds)
    .option('--seed <n>', 'one of them', (text) => readSeeds(text)[0] ?? 0)
    .option('--replay <file>', 'a schedule written by an exploration')
    .addOption(
      new Option(
        '-t, --time <time>',
        'virtual (default): waiting costs nothing, and a schedule always gives the same result (drlab kernel build)',
      ).choices(['real', 'virtual']),
    )
    .option(
      '--trials <n>',
      'most trials spent on shortening one schedule; 0: none',
      whole(0, 1_000),
      usualTrials,
    )
    .option('-j, --jobs <n>', 'sandboxes in parallel (default: one per CPU)', whole(1, 64))
    .option('-o, --out <dir>', 'folder for the exploration (default: reports/runs/<id>)')
    .option('--json', 'print the record as JSON, and nothing else')
    .option('-q, --quiet', 'no progress, only the summary')
    .addHelpText(
      'after',
      '\nExample:\n  drlab explore failover --seeds 1..100\n  drlab explore failover --seed 17 --lab my-pair.yaml',
    )
    .action(async (subject: string, options: ExploreOptions, own: Command) => {
      if (subject !== 'failover')
        throw new UsageError(`there is no subject to explore called «${subject}»`, {
          hint: 'drlab explore failover --seeds 1..100',
        });
      // The lab of other commands is not one for this.
      const { lab, ...rest } = options;
      const named = own.getOptionValueSource('lab') === 'cli' && lab !== undefined;
      setExit(await runExploration(named ? { ...rest, lab } : rest));
    });
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (/^\d+$/.test(text) && n >= least && n <= most) return n;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

async function runExploration(options: ExploreOptions): Promise<number> {
  const { json = false, quiet = false } = options;
  const { write, ...screen } = terminal();
  const say = (text: string): void => {
    if (!json && !quiet) write(`${text}\n`);
  };
  const begun = await beginExploration(options);
  const { lab, choice, schedules, time } = begun;
  const id = newRunId(lab.spec.name);
  const dir = await runFolder(options.out, id);
  const startedAt = new Date().toISOString();
  const signal = interruptible();
  const jobs = options.jobs ?? sideBySide(choice.sandbox.kind, lab.spec);
  const lines = explorationLines(screen);
  say(
    `sandbox ${choice.trials.map(({ sandbox, why }) => `${sandbox}: ${why}`).join('; ')}; ${jobs} at a time`,
  );
  const explored = await explore(
    {
      spec: lab.spec,
      labFile: shownPath(lab.file),
      sandbox: options.sandbox,
      choiceFor: begun.choiceFor,
      schedules,
      time,
      trials: options.trials,
      jobs,
      outDir: dir,
      signal,
    },
    {
      begins: () => {},
      ended: (outcome, left, tookMs) => say(lines.ended(outcome, left, tookMs)),
      shrinks: (seed, invariant, faults) => say(lines.shrinks(seed, invariant, faults)),
      tried: (event) => say(lines.tried(event)),
    },
  );
  const record = await recordOf({ id, startedAt, begun, explored, aborted: signal.aborted });
  await keepReplays(record, begun, dir);
  const { html } = await writeExploration(record, dir);
  write(json ? `${JSON.stringify(record)}\n` : `${lines.summary(record, dir)}\nReport: ${html}\n`);
  return record.exitCode;
}

interface Ended {
  id: string;
  startedAt: string;
  begun: BegunExploration;
  explored: Explored;
  aborted: boolean;
}

async function recordOf({ id, startedAt, begun, explored, aborted }: Ended): Promise<ExplorationRecord> {
  const { lab, choice, bounds, schedules } = begun;
  const [machine, drlab] = await Promise.all([machineFacts(), ownVersion()]);
  const finishedAt = new Date().toISOString();
  const planned = schedules.length;
  return {
    version: explorationVersion,
    id,
    command: 'explore',
    commandLine: ['drlab', ...process.argv.slice(2)].join(' '),
    startedAt,
    finishedAt,
    durationMs: Date.parse(finishedAt) - Date.parse(startedAt),
    drlab,
    machine,
    lab: { ...lab, file: shownPath(lab.file) },
    sandboxTrials: choice.trials,
    bounds,
    planned,
    ...explored,
    exitCode: aborted ? exitCode.interrupted : exitCodeOf({ outcomes: explored.outcomes, planned }),
  };
}

/** So that the shortest schedule can be tried again when only this folder is left. */
async function keepReplays(
  { shrunk }: ExplorationRecord,
  { labName: lab, time }: BegunExploration,
  dir: string,
): Promise<void> {
  for (const { seed, invariant, schedule } of shrunk) {
    const file: ReplayFile = { version: explorationVersion, lab, time, invariant, schedule };
    await writeWhole(join(dir, replayName({ seed, invariant })), `${JSON.stringify(file, null, 1)}\n`);
  }
}
