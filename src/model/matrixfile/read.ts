import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { UsageError } from '../../util/errors.ts';
import { explainIssues } from '../labfile/explain.ts';
import { topologiesDir } from '../labfile/find.ts';
import { keysAt } from '../labfile/jsonschema.ts';
import { didYouMean } from '../labfile/nearest.ts';
import type { Path, Problems } from '../labfile/problems.ts';
import { readText } from '../labfile/read.ts';
import { readYaml } from '../labfile/source.ts';
import type { Place } from '../matrix.ts';
import { isPath, type Known, refuseUnknown } from './names.ts';
import { kernelProblem, looksLikeRelease, placeFrom } from './place.ts';
import { matrixFile, matrixFileJsonSchema, type RawPlace } from './schema.ts';

export interface MatrixFile {
  /** A path, or the name of a ready-made lab. */
  lab: string;
  /** Suites, IDs, prefixes; empty: all. */
  checks: string[];
  places: Place[];
}

const matricesDir = join(dirname(topologiesDir), 'matrices');

/**
 * The path of a matrix file: a bare word is the name of a ready-made one, anything else is a path.
 * @throws {UsageError} when no ready-made matrix has that name.
 */
export async function findMatrix(nameOrPath: string): Promise<string> {
  if (isPath(nameOrPath) || existsSync(nameOrPath)) return nameOrPath;
  const ready = join(matricesDir, `${nameOrPath}.yaml`);
  if (existsSync(ready)) return ready;
  const names = (await readdir(matricesDir)).map((file) => basename(file, '.yaml'));
  throw new UsageError(`no ready-made matrix is called «${nameOrPath}».${didYouMean(nameOrPath, names)}`, {
    hint: `Ready-made: ${names.join(', ')}. Or give the path of a matrix file, such as ./places.yaml`,
  });
}

/**
 * @throws {LabFileError} with file:line:column of what is wrong.
 * @throws {UsageError} when there is no such file, or it cannot be read.
 */
export async function readMatrixFile(path: string, known?: Known): Promise<MatrixFile> {
  return parseMatrixFile(await readText(path, 'matrix'), path, known);
}

/**
 * @param file for messages; lab files are looked for beside it.
 * @param known absent: names of checks and labs are not looked at.
 * @throws {LabFileError}
 */
export function parseMatrixFile(text: string, file: string, known?: Known): MatrixFile {
  const { value, problems } = readYaml(text, file, {
    shortest: 'the shortest matrix is «places: [netns/uml/ipvsadm]»',
    one: 'a matrix file holds one matrix',
  });
  const raw = matrixFile.safeParse(value);
  const schema = matrixFileJsonSchema();
  if (!raw.success)
    explainIssues(raw.error.issues, value, problems, {
      name: 'the matrix file',
      keysAt: (path) => keysAt(schema, path),
    });
  problems.throwIfAny();
  if (!raw.success) throw raw.error;
  const { lab, checks, places: entries } = raw.data;
  const places = entries.flatMap((entry, index) => resolve(entry, ['places', index], file, problems));
  if (known) refuseUnknown(raw.data, known, problems, (one) => beside(file, one));
  problems.throwIfAny();
  refuseTwins(places, problems);
  problems.throwIfAny();
  return { lab: beside(file, lab), checks, places };
}

function resolve(entry: string | RawPlace, path: Path, file: string, problems: Problems): Place[] {
  const written = typeof entry === 'string' ? placeFrom(entry) : fromMapping(entry, file);
  if (typeof written === 'string') {
    problems.add(path, written);
    return [];
  }
  const { kernel } = written;
  const place = kernel === undefined ? written : { ...written, kernel: kernelBeside(file, kernel) };
  const problem = kernelProblem(place);
  if (problem !== undefined) problems.add(typeof entry === 'string' ? path : [...path, 'kernel'], problem);
  return [place];
}

function fromMapping({ name, driver, sandbox, kernel, director, lab }: RawPlace, file: string): Place {
  const where = kernel === undefined ? sandbox : `${sandbox}:${kernel}`;
  const parts = [driver, sandbox === 'auto' && lab !== undefined ? undefined : where, director];
  const own = lab === undefined ? parts : [...parts, basename(lab).replace(/\.ya?ml$/i, '')];
  return {
    name: name ?? own.filter((part) => part !== undefined).join('/'),
    sandbox,
    ...(driver && { driver }),
    ...(kernel !== undefined && { kernel }),
    ...(director && { director }),
    ...(lab !== undefined && { lab: beside(file, lab) }),
  };
}

function refuseTwins(places: readonly Place[], problems: Problems): void {
  for (const [index, { name }] of places.entries()) {
    const first = places.findIndex((place) => place.name === name);
    if (first < index)
      problems.add(
        ['places', index],
        `the place «${name}» is already item ${first + 1}; give it a «name» of its own.`,
      );
  }
}

/** A path in a file is relative to the file; a bare word names a ready-made lab. */
const beside = (file: string, lab: string): string =>
  isPath(lab) && !isAbsolute(lab) ? join(dirname(file), lab) : lab;

const kernelBeside = (file: string, kernel: string): string =>
  looksLikeRelease(kernel) ? kernel : beside(file, kernel);
