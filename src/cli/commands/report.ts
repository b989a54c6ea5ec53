import { stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import {
  compareRuns,
  matrixLines,
  readMatrix,
  readRecord,
  terminalSummary,
  writeMatrix,
  writeReports,
} from '../../report/index.ts';
import { makeFolder } from '../folders.ts';
import { packageRoot } from '../package.ts';
import { terminal } from '../terminal.ts';

export function addReport(program: Command, setExit: (code: number) => void): void {
  program
    .command('report')
    .summary('draw reports again; with several runs, compare them')
    .argument('<run...>', 'run folders, run.json files or run IDs; or one matrix')
    .option('-o, --out <dir>', 'folder for the reports (default: the run, or reports/runs/compare)')
    .option('--json', 'print the records as JSON')
    .addHelpText('after', '\nExample:\n  drlab report reports/runs/20261122-1815*-default-*')
    .action(async (runs: string[], options: { out?: string; json?: boolean }) => {
      const places = await Promise.all(runs.map(placeOf));
      const [only = '', ...more] = places;
      if (more.length === 0 && (await isMatrix(only))) return setExit(await drawMatrix(only, options));
      const records = await Promise.all(places.map((place) => readRecord(place)));
      if (options.json)
        process.stdout.write(`${JSON.stringify(records.length === 1 ? records[0] : records)}\n`);
      const { write, ...screen } = terminal();
      const say = options.json ? () => {} : write;
      const [record, ...others] = records;
      if (record && others.length === 0) {
        const folder = await makeFolder(options.out ?? (await folderOf(places[0] ?? '')));
        const { html } = await writeReports(record, folder);
        say(`${terminalSummary(record, screen)}\nReport: ${html}\n`);
        return setExit(record.exitCode);
      }
      const folder = await makeFolder(options.out ?? join(packageRoot, 'reports', 'runs', 'compare'));
      const compared = compareRuns(records);
      await writeFile(join(folder, 'compare.html'), compared.html);
      await writeFile(join(folder, 'compare.md'), compared.markdown);
      say(`${compared.terminal}\nReport: ${join(folder, 'compare.html')}\n`);
    });
}

/** A matrix is drawn into its own folder, where its links lead. */
async function drawMatrix(place: string, { out, json }: { out?: string; json?: boolean }): Promise<number> {
  const record = await readMatrix(place);
  const { write, ...screen } = terminal();
  const { html } = await writeMatrix(record, await makeFolder(out ?? (await folderOf(place))));
  write(json ? `${JSON.stringify(record)}\n` : `${matrixLines(screen).summary(record)}\nReport: ${html}\n`);
  return record.exitCode;
}

const isMatrix = async (place: string): Promise<boolean> =>
  basename(place) === 'matrix.json' || exists(join(place, 'matrix.json'));

/** A run by its ID lies in the usual folder. */
async function placeOf(run: string): Promise<string> {
  const usual = join(packageRoot, 'reports', 'runs', run);
  return (await exists(run)) || !(await exists(usual)) ? run : usual;
}

async function folderOf(place: string): Promise<string> {
  return (await stat(place)).isDirectory() ? place : dirname(place);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
