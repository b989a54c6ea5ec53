import { appendFile, readFile } from 'node:fs/promises';
import type { RunLine } from '../model/history.ts';
import { messageOf } from '../util/errors.ts';
import { writeDurably } from './durable.ts';

/** A line of the index: what is known of one record, as long as the file has this size and time. */
export interface Entry {
  form: typeof form;
  /** Name within `runs`. */
  file: string;
  bytes: number;
  mtimeMs: number;
  run?: RunLine;
  /** Instead of `run`: why it is none. */
  unreadable?: string;
}

/** Raise it when a line means something else than before; older lines are then read anew from the records. */
export const form = 2;

/**
 * The index only saves reading the records again: whatever is missing in it, torn or of another form is left out here and
 * read from the record. @returns the last entry of each file
 */
export async function readIndex(path: string): Promise<Map<string, Entry>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const entries = text.split('\n').flatMap(entryOf);
  return new Map(entries.map((entry) => [entry.file, entry]));
}

function entryOf(line: string): Entry[] {
  try {
    const entry = JSON.parse(line) as Entry;
    return entry?.form === form && typeof entry.file === 'string' ? [entry] : [];
  } catch {
    return [];
  }
}

export async function writeIndex(path: string, entries: readonly Entry[]): Promise<void> {
  await cached(() => writeDurably(path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')));
}

/** The line break in front ends a line that a crash tore. */
export async function appendToIndex(path: string, entry: Entry): Promise<void> {
  await cached(() => appendFile(path, `\n${JSON.stringify(entry)}\n`));
}

/** Where the folder cannot be written to, a history can still be read. */
async function cached(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'EDQUOT'].includes(code))
      throw new Error(`index of the history: ${messageOf(error)}`, { cause: error });
  }
}
