import { join } from 'node:path';
import type { Command } from 'commander';
import { checks } from '../../../suites/index.ts';
import { readyMadeLabs } from '../../model/labfile/index.ts';
import type { MatrixRecord } from '../../model/matrix.ts';
import {
  findMatrix,
  type Known,
  parsePlaces,
  placeForm,
  readMatrixFile,
} from '../../model/matrixfile/index.ts';
import { readMatrix } from '../../model/stored/record.ts';
import { matrixLines, progressReporter, writeMatrix } from '../../report/index.ts';
import { selectChecks } from '../../run/select.ts';
import { LabUnavailable, UsageError } from '../../util/errors.ts';
import { packageRoot } from '../../util/root.ts';
import { interruptible } from '../outside/context.ts';
import { makeFolder } from '../outside/folders.ts';
import { type BegunMatrix, begunMatrix, newMatrix } from '../outside/matrix/begin.ts';
import { placesHere } from '../outside/matrix/places-here.ts';
import { runMatrix } from '../outside/matrix/run.ts';
import { terminal } from '../outside/terminal.ts';

interface MatrixOptions {
  place: string[];
  places?: string;
  lab?: string;
  out?: string;
  resume?: string;
  json?: boolean;
  quiet?: boolean;
}

export function addMatrix(program: Command, setExit: (code: number) => void): void {
  program
    .command('matrix')
    .summary('run the same checks in several places: drivers, sandboxes, kernels, directors')
    .description(
      'Runs the same checks in several places, one after the other, and writes one report of checks × places. Without --place and --places: every place that this machine supports.',
    )
    .argument('[check-prefix...]', 'such as arp, ARP-01 or HA')
    .option(
      '-p, --place <place>',
      `a place; may be repeated: ${placeForm}`,
      (one: string, others: string[]) => [...others, one],
      [],
    )
    .option(
      '-P, --places <file>',
      'a matrix file with lab, checks and places, or the name of a ready-made one',
    )
    .option('-l, --lab <lab>', 'a lab file, or the name of a ready-made lab (default: default)')
    .option('-o, --out <dir>', 'folder for the matrix (default: reports/runs/<id>)')
    .option(
      '-r, --resume <dir>',
      'resume a matrix: run places that are missing, were interrupted, or were unavailable',
    )
    .option('--json', 'print the record as JSON, and nothing else')
    .option('-q, --quiet', 'no progress, only problems and the matrix')
    .addHelpText(
      'after',
      '\nWithout names it runs what is judged in every lab as written. A check that has a stage runs where it is named, and is\njudged in the lab of each place that has its subject, else in its stage.\n\nExample:\n  drlab matrix arp path --place netns/uml/ipvsadm --place netns/host/nftables\n  drlab matrix --places default',
    )
    .action(async (prefixes: string[], options: MatrixOptions) => setExit(await matrix(prefixes, options)));
}

async function matrix(prefixes: string[], options: MatrixOptions): Promise<number> {
  const { json = false, quiet = false } = options;
  const { write, ...screen } = terminal();
  const say = (text: string): void => {
    if (!json && !quiet) write(text);
  };
  const { begun, dir } =
    options.resume === undefined
      ? await begin(prefixes, options, say)
      : await resume(prefixes, options, options.resume);
  const lines = matrixLines(screen);
  const total = begun.record.places.length;
  const signal = interruptible();
  let paths = await writeMatrix(begun.record, dir);
  const record = await runMatrix(
    begun,
    dir,
    {
      begins: (column, index) => {
        say(lines.begins(column, index, total));
        return progressReporter({ ...screen, write: json ? () => {} : write, quiet, json: false });
      },
      ended: async (column, now) => {
        paths = await writeMatrix(now, dir);
        say(lines.ended(column));
      },
    },
    signal,
  );
  paths = await writeMatrix(record, dir);
  if (json) write(`${JSON.stringify(record)}\n`);
  else {
    write(`${lines.summary(record)}\n${goOn(record, dir)}Report: ${paths.html}\n`);
  }
  return record.exitCode;
}

function goOn({ exitCode, places }: MatrixRecord, dir: string): string {
  // What started this one in a sandbox of its own knows how it goes on there.
  const how = `${process.env.DRLAB_RESUME_BY ?? 'drlab matrix --resume'} ${dir}\n`;
  if (exitCode === 130) return `Resume it: ${how}`;
  const again = places.some(({ state }) => state === 'unavailable');
  return again ? `Retry the places that were unavailable: ${how}` : '';
}

/** What a matrix file may name. */
const knownNames = async (): Promise<Known> => ({
  suites: [...new Set(checks.map(({ suite }) => suite))],
  checks: checks.map(({ id }) => id),
  labs: await readyMadeLabs(),
});

interface Begun {
  begun: BegunMatrix;
  dir: string;
}

async function begin(
  prefixes: string[],
  options: MatrixOptions,
  say: (text: string) => void,
): Promise<Begun> {
  if (options.place.length > 0 && options.places !== undefined)
    throw new UsageError('--place and --places exclude each other; give one of them');
  const file =
    options.places === undefined
      ? undefined
      : await readMatrixFile(await findMatrix(options.places), await knownNames());
  const wanted = prefixes.length > 0 ? prefixes : (file?.checks ?? []);
  const selected = selectChecks(checks, wanted, 'lab');
  let places = file?.places ?? parsePlaces(options.place);
  if (places.length === 0) {
    const here = await placesHere();
    for (const why of here.leftOut) say(`left out: ${why}\n`);
    places = here.places;
  }
  if (places.length === 0)
    throw new LabUnavailable('this machine supports none of the places that are tried without --place', {
      hint: 'see what is missing: drlab doctor',
    });
  const begun = await newMatrix(options.lab ?? file?.lab ?? 'default', places, selected);
  const dir = await makeFolder(options.out ?? join(packageRoot, 'reports', 'runs', begun.record.id));
  return { begun, dir };
}

async function resume(prefixes: string[], options: MatrixOptions, dir: string): Promise<Begun> {
  const { place, places, lab, out } = options;
  if (prefixes.length > 0 || place.length > 0 || [places, lab, out].some((one) => one !== undefined))
    throw new UsageError('a resumed matrix keeps the checks, places and labs it began with', {
      hint: `drlab matrix --resume ${dir}`,
    });
  return { begun: begunMatrix(await readMatrix(dir)), dir: await makeFolder(dir) };
}
