import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ZodType } from 'zod';
import { UsageError } from '../../util/errors.ts';
import type { ComparisonRecord } from '../comparison.ts';
import type { ExplorationRecord } from '../exploration.ts';
import type { MatrixRecord } from '../matrix.ts';
import type { RunRecord } from '../record.ts';
import { comparisonSchema } from '../schema/comparison.ts';
import { explorationSchema } from '../schema/exploration.ts';
import { matrixRecordSchema } from '../schema/matrix.ts';
import { runRecordSchema } from '../schema/record.ts';
import { comparisonVersion, explorationVersion, matrixVersion, recordVersion } from '../versions.ts';
import { conforming, parseJson, unread } from './file.ts';

/** A kind of record: its file in a folder of its own, and how to know one. */
interface RecordKind {
  file: string;
  version: number;
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
  schema: explorationSchema,
  name: 'record of an exploration',
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
  const data = parseJson(file, text, kind);
  checkVersion(file, data, kind);
  return conforming(file, data, kind.schema, kind);
}

function checkVersion(file: string, data: unknown, { version: expected, name, hint }: RecordKind): void {
  const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
  const found = `${file}: version: expected ${expected}, found ${version ?? 'none'}`;
  if (typeof version !== 'number') throw new UsageError(`${found}: not a ${name} of drlab`, { hint });
  if (version > expected) {
    throw new UsageError(`${found}: a newer drlab wrote it`, {
      hint: 'Update drlab, or draw the report with the drlab that ran it.',
    });
  }
  if (version < expected) {
    throw new UsageError(`${found}: an older drlab wrote it`, {
      hint: 'Run again, or draw the report with the drlab that ran it.',
    });
  }
}
