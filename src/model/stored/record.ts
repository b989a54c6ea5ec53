import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ZodType } from 'zod';
import { UsageError } from '../../util/errors.ts';
import type { ComparisonRecord } from '../comparison.ts';
import type { ExplorationRecord, ReplayFile } from '../exploration.ts';
import type { MatrixRecord } from '../matrix.ts';
import type { RunRecord } from '../record.ts';
import { comparisonSchema } from '../schema/comparison.ts';
import { explorationSchema, replayFileSchema } from '../schema/exploration.ts';
import { matrixRecordSchema } from '../schema/matrix.ts';
import { runRecordSchema } from '../schema/record.ts';
import { comparisonVersion, explorationVersion, matrixVersion, recordVersion } from '../versions.ts';
import { conforming, parseJson, unread } from './file.ts';
import { isData, type Upgrade, upgradeExploration, upgradeReplay, upgradesOfRun } from './upgrade.ts';

/** A kind of record: its file in a folder of its own, and how to know one. */
interface RecordKind {
  file: string;
  version: number;
  /** Of files that say none. */
  unnumbered?: number;
  /** From version 1 to 2, and so on. */
  upgrades?: Upgrade[];
  schema: ZodType;
  /** As in «a run of drlab». */
  name: string;
  hint: string;
  /** Where its form is published. */
  formHint: string;
}

const hints = (file: string, folder: string, schema: string) => ({
  file,
  hint: `Give the folder of ${folder}, or the ${file} in it.`,
  formHint: `Expected is what docs/${schema} describes.`,
});

const run: RecordKind = {
  ...hints('run.json', 'a run', 'run.schema.json'),
  version: recordVersion,
  upgrades: upgradesOfRun,
  schema: runRecordSchema,
  name: 'run',
};
const comparison: RecordKind = {
  ...hints('comparison.json', 'a comparison', 'comparison.schema.json'),
  version: comparisonVersion,
  schema: comparisonSchema,
  name: 'comparison',
};
const exploration: RecordKind = {
  ...hints('exploration.json', 'an exploration', 'exploration.schema.json'),
  version: explorationVersion,
  upgrades: [upgradeExploration],
  schema: explorationSchema,
  name: 'record of an exploration',
};
const replay: RecordKind = {
  file: 'seed-17-one-owner.json',
  version: explorationVersion,
  unnumbered: 1,
  upgrades: [upgradeReplay],
  schema: replayFileSchema,
  name: 'schedule of faults',
  hint: 'Give a file such as seed-17-one-owner.json, from the folder of an exploration.',
  formHint: 'Its schedule is as docs/exploration.schema.json describes it.',
};
const matrix: RecordKind = {
  ...hints('matrix.json', 'a matrix', 'matrix.schema.json'),
  version: matrixVersion,
  schema: matrixRecordSchema,
  name: 'matrix',
};

/**
 * Reads a run's record and makes sure that it is one.
 * @param path a run's folder, or its `run.json`
 * @throws {UsageError} naming the file, the place in it, and what was expected there
 */
export const readRecord = async (path: string): Promise<RunRecord> => (await read(path, run)) as RunRecord;

/** From its text; `file` is named in errors. @throws {UsageError} as `readRecord`. */
export const parseRecord = (text: string, file = run.file): RunRecord => parse(file, text, run) as RunRecord;

/** Of a folder or a `comparison.json`. @throws {UsageError} as `readRecord`. */
export const readComparison = async (path: string): Promise<ComparisonRecord> =>
  (await read(path, comparison)) as ComparisonRecord;

/** Of a folder or an `exploration.json`. @throws {UsageError} as `readRecord`. */
export const readExploration = async (path: string): Promise<ExplorationRecord> =>
  (await read(path, exploration)) as ExplorationRecord;

/** The shortest schedule that an exploration found, for `--replay`. @throws {UsageError} as `readRecord`. */
export const readReplay = async (path: string): Promise<ReplayFile> =>
  (await read(path, replay)) as ReplayFile;

/** Of a folder or a `matrix.json`. @throws {UsageError} as `readRecord`. */
export const readMatrix = async (path: string): Promise<MatrixRecord> =>
  (await read(path, matrix)) as MatrixRecord;

async function read(path: string, kind: RecordKind): Promise<unknown> {
  let file = path;
  let text: string;
  try {
    if ((await stat(path)).isDirectory()) file = join(path, kind.file);
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw unread(file, cause, kind);
  }
  return parse(file, text, kind);
}

function parse(file: string, text: string, kind: RecordKind): unknown {
  return conforming(file, presentForm(file, parseJson(file, text, kind), kind), kind.schema, kind);
}

/** The data, from a former version if need be. @throws {UsageError} where it is of none that is known. */
function presentForm(file: string, data: unknown, kind: RecordKind): unknown {
  const { version: expected, unnumbered, name, hint, upgrades = [] } = kind;
  const version = isData(data) ? (data.version ?? unnumbered) : undefined;
  const found = `${file}: version: expected ${expected}, found ${version ?? 'none'}`;
  if (!isData(data) || typeof version !== 'number')
    throw new UsageError(`${found}: not a ${name} of drlab`, { hint });
  if (version === expected) return data;
  const steps = version >= 1 && version < expected ? upgrades.slice(version - 1) : [];
  if (steps.length > 0) return { ...steps.reduce((old, step) => step(old), data), version: expected };
  throw new UsageError(`${found}: ${version > expected ? 'a newer' : 'an older'} drlab wrote it`, {
    hint: `${version > expected ? 'Update drlab' : 'Run again'}, or draw the report with the drlab that ran it.`,
  });
}
