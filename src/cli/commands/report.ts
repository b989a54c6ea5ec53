import { stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { ComparisonRecord } from '../../model/comparison.ts';
import type { ExplorationRecord } from '../../model/exploration.ts';
import { readComparison, readExploration, readMatrix, readRecord } from '../../model/stored/record.ts';
import {
  comparisonTerminal,
  differences,
  explorationLines,
  matrixLines,
  mayDiffer,
  runsSideBySide,
  terminalSummary,
  writeComparison,
  writeExploration,
  writeMatrix,
  writeReports,
} from '../../report/index.ts';
import { exitCode, UsageError } from '../../util/errors.ts';
import { exists } from '../../util/exists.ts';
import { packageRoot } from '../../util/root.ts';
import { makeFolder } from '../outside/folders.ts';
import { historyOf } from '../outside/nights/night.ts';
import { terminal } from '../outside/terminal.ts';

export function addReport(program: Command, setExit: (code: number) => void): void {
  program
    .command('report')
    .summary('redraw reports; with several runs, compare them')
    .argument('<run...>', 'run folders, run.json files or run IDs; or one matrix, or one comparison')
    .option('-o, --out <dir>', 'folder for the reports (default: the run, or reports/runs/compare)')
    .option('--json', 'print the records as JSON')
    .option('--history <dir>', 'the history that contains the run: its trends are drawn, too')
    .option(
      '--identical',
      "only say whether two runs are identical, apart from names and the machine's clock",
    )
    .addHelpText('after', '\nExample:\n  drlab report reports/runs/20261122-1815*-default-*')
    .action(
      async (
        runs: string[],
        options: { out?: string; json?: boolean; identical?: boolean; history?: string },
      ) => {
        const places = await Promise.all(runs.map(placeOf));
        if (options.identical) return setExit(await areIdentical(places));
        const [only = '', ...more] = places;
        if (more.length === 0 && (await isMatrix(only))) return setExit(await drawMatrix(only, options));
        if (more.length === 0 && (await holds(only, comparison.file)))
          return setExit(await draw(comparison, only, options));
        if (more.length === 0 && (await holds(only, exploration.file)))
          return setExit(await draw(exploration, only, options));
        const records = await Promise.all(places.map((place) => readRecord(place)));
        if (options.json)
          process.stdout.write(`${JSON.stringify(records.length === 1 ? records[0] : records)}\n`);
        const { write, ...screen } = terminal();
        const say = options.json ? () => {} : write;
        const [record, ...others] = records;
        if (record && others.length === 0) {
          const folder = await makeFolder(options.out ?? (await folderOf(places[0] ?? '')));
          const history =
            options.history === undefined ? undefined : await historyOf(options.history, record);
          const { html } = await writeReports(record, folder, history);
          say(`${terminalSummary(record, screen)}\nReport: ${html}\n`);
          return setExit(record.exitCode);
        }
        const folder = await makeFolder(options.out ?? join(packageRoot, 'reports', 'runs', 'compare'));
        const compared = runsSideBySide(records);
        await writeFile(join(folder, 'compare.html'), compared.html);
        await writeFile(join(folder, 'compare.md'), compared.markdown);
        say(`${compared.terminal}\nReport: ${join(folder, 'compare.html')}\n`);
      },
    );
}

/** Two runs of one seed in virtual time are one record. @throws {UsageError} unless there are two. */
async function areIdentical(places: string[]): Promise<number> {
  const [first, second, ...more] = await Promise.all(places.map((place) => readRecord(place)));
  if (!first || !second || more.length > 0) throw new UsageError('--identical compares two runs');
  const found = differences(first, second);
  const { write } = terminal();
  for (const { path, first: one, second: other } of found)
    write(`${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}\n`);
  const apart = Object.keys(mayDiffer).join(', ');
  write(
    found.length === 0
      ? `identical, apart from ${apart}\n`
      : `not identical: ${found.length} ${found.length === 1 ? 'value differs' : 'values differ'}\n`,
  );
  return found.length === 0 ? exitCode.conformant : exitCode.notConformant;
}

/** A matrix is drawn into its own folder, where its links lead. */
async function drawMatrix(place: string, { out, json }: { out?: string; json?: boolean }): Promise<number> {
  const record = await readMatrix(place);
  const { write, ...screen } = terminal();
  const { html } = await writeMatrix(record, await makeFolder(out ?? (await folderOf(place))));
  write(json ? `${JSON.stringify(record)}\n` : `${matrixLines(screen).summary(record)}\nReport: ${html}\n`);
  return record.exitCode;
}

/** What has its own folder apart from runs and matrices, and is drawn into it. */
interface Kind<R> {
  file: string;
  read: (place: string) => Promise<R>;
  write: (record: R, folder: string) => Promise<{ html: string }>;
  summary: (record: R, folder: string, screen: Omit<ReturnType<typeof terminal>, 'write'>) => string;
}

const comparison: Kind<ComparisonRecord> = {
  file: 'comparison.json',
  read: readComparison,
  write: writeComparison,
  summary: (record, _, screen) => comparisonTerminal(record, screen),
};

const exploration: Kind<ExplorationRecord> = {
  file: 'exploration.json',
  read: readExploration,
  write: writeExploration,
  summary: (record, folder, screen) => explorationLines(screen).summary(record, folder),
};

async function draw<R extends { exitCode: number }>(
  kind: Kind<R>,
  place: string,
  { out, json }: { out?: string; json?: boolean },
): Promise<number> {
  const record = await kind.read(place);
  const folder = await makeFolder(out ?? (await folderOf(place)));
  const { write, ...screen } = terminal();
  const { html } = await kind.write(record, folder);
  const text = `${kind.summary(record, folder, screen)}\nReport: ${html}\n`;
  write(json ? `${JSON.stringify(record)}\n` : text);
  return record.exitCode;
}

const isMatrix = (place: string): Promise<boolean> => holds(place, 'matrix.json');

/** Whether the place is such a file, or a folder with one. */
const holds = async (place: string, file: string): Promise<boolean> =>
  basename(place) === file || exists(join(place, file));

/** A run by its ID lies in the usual folder. */
async function placeOf(run: string): Promise<string> {
  const usual = join(packageRoot, 'reports', 'runs', run);
  return (await exists(run)) || !(await exists(usual)) ? run : usual;
}

async function folderOf(place: string): Promise<string> {
  return (await stat(place)).isDirectory() ? place : dirname(place);
}
