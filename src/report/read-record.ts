import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunRecord, recordVersion } from '../model/record.ts';
import { messageOf, UsageError } from '../util/errors.ts';
import { runRecordSchema } from './schema/record.ts';

/**
 * Reads a run's record and makes sure that it is one.
 * @param path a run's folder, or its `run.json`
 * @throws {UsageError} naming the file, the place in it, and what was expected there
 */
export async function readRecord(path: string): Promise<RunRecord> {
  const { file, text } = await read(path);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file}: not JSON: ${messageOf(cause)}`, {
      cause,
      hint: text.trim() === '' ? 'The file is empty: the run may have been ended while it wrote.' : aRun,
    });
  }
  checkVersion(file, data);
  const parsed = runRecordSchema.safeParse(data);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 3).map((issue) => `${place(issue.path)}: ${issue.message}`);
    const more = parsed.error.issues.length - issues.length;
    throw new UsageError(`${file}: ${issues.join('; ')}${more > 0 ? `; and ${more} more` : ''}`, {
      cause: parsed.error,
      hint: 'Expected is what docs/run.schema.json describes.',
    });
  }
  // The data itself, not what zod made of it: fields added later must survive being written again.
  return data as RunRecord;
}

const aRun = 'Give the folder of a run, or the run.json in it.';

async function read(path: string): Promise<{ file: string; text: string }> {
  let file = path;
  try {
    if ((await stat(path)).isDirectory()) file = join(path, 'run.json');
    return { file, text: await readFile(file, 'utf8') };
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const what = missing ? 'there is no such file' : messageOf(cause);
    throw new UsageError(`${file}: ${what}`, { cause, hint: aRun });
  }
}

function checkVersion(file: string, data: unknown): void {
  const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
  if (typeof version !== 'number') {
    throw new UsageError(`${file}: version: expected ${recordVersion}, found none: not a run of drlab`, {
      hint: aRun,
    });
  }
  if (version > recordVersion) {
    throw new UsageError(
      `${file}: version: expected ${recordVersion}, found ${version}: a newer drlab wrote it`,
      { hint: 'Update drlab, or draw the report with the drlab that ran it.' },
    );
  }
  if (version < recordVersion) {
    throw new UsageError(
      `${file}: version: expected ${recordVersion}, found ${version}: an older drlab wrote it`,
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
