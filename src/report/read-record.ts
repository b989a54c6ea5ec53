import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ZodType } from 'zod';
import { type RunRecord, recordVersion } from '../model/record.ts';
import { messageOf, UsageError } from '../util/errors.ts';
import { runRecordSchema } from './schema/record.ts';

/** A kind of record: its file in a folder of its own, and how to know one. */
export interface RecordKind {
  file: string;
  version: number;
  schema: ZodType;
  /** As in «a run of drlab». */
  name: string;
  hint: string;
  /** Where its form is published. */
  described: string;
}

/**
 * Reads a run's record and makes sure that it is one.
 * @param path a run's folder, or its `run.json`
 * @throws {UsageError} naming the file, the place in it, and what was expected there
 */
export async function readRecord(path: string): Promise<RunRecord> {
  return (await readKind(path, aRun)) as RunRecord;
}

/** @throws {UsageError} as `readRecord`. */
export async function readKind(path: string, kind: RecordKind): Promise<unknown> {
  const { file, text } = await read(path, kind);
  return parseKind(file, text, kind);
}

/**
 * Reads a record from its text, and makes sure that it is one.
 * @param file named in errors
 * @throws {UsageError} as `readRecord`.
 */
export function parseKind(file: string, text: string, kind: RecordKind): unknown {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file}: not JSON: ${messageOf(cause)}`, {
      cause,
      hint: text.trim() === '' ? 'The file is empty: the run may have been ended while it wrote.' : kind.hint,
    });
  }
  checkVersion(file, data, kind);
  const parsed = kind.schema.safeParse(data);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 3).map((issue) => `${place(issue.path)}: ${issue.message}`);
    const more = parsed.error.issues.length - issues.length;
    throw new UsageError(`${file}: ${issues.join('; ')}${more > 0 ? `; and ${more} more` : ''}`, {
      cause: parsed.error,
      hint: `Expected is what ${kind.described} describes.`,
    });
  }
  // The data itself, not what zod made of it: fields added later must survive being written again.
  return data;
}

const aRun: RecordKind = {
  file: 'run.json',
  version: recordVersion,
  schema: runRecordSchema,
  name: 'run',
  hint: 'Give the folder of a run, or the run.json in it.',
  described: 'docs/run.schema.json',
};

async function read(path: string, kind: RecordKind): Promise<{ file: string; text: string }> {
  let file = path;
  try {
    if ((await stat(path)).isDirectory()) file = join(path, kind.file);
    return { file, text: await readFile(file, 'utf8') };
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const what = missing ? 'there is no such file' : messageOf(cause);
    throw new UsageError(`${file}: ${what}`, { cause, hint: kind.hint });
  }
}

function checkVersion(file: string, data: unknown, { version: expected, name, hint }: RecordKind): void {
  const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
  if (typeof version !== 'number') {
    throw new UsageError(`${file}: version: expected ${expected}, found none: not a ${name} of drlab`, {
      hint,
    });
  }
  if (version > expected) {
    throw new UsageError(`${file}: version: expected ${expected}, found ${version}: a newer drlab wrote it`, {
      hint: 'Update drlab, or draw the report with the drlab that ran it.',
    });
  }
  if (version < expected) {
    throw new UsageError(
      `${file}: version: expected ${expected}, found ${version}: an older drlab wrote it`,
      { hint: 'Run again, or draw the report with the drlab that ran it.' },
    );
  }
}

/** `results[3].figures[0].unit` */
function place(path: PropertyKey[]): string {
  const text = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  return text === '' ? 'the whole file' : text;
}
