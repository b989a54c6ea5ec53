import { appendFile, readFile } from 'node:fs/promises';
import { indexEntrySchema } from '../model/schema/state.ts';
import type { IndexEntry } from '../model/state.ts';
import { messageOf } from '../util/errors.ts';
import { writeDurably } from './durable.ts';

/**
 * The index only saves reading the records again: whatever is missing in it, torn or of another form is left out here and
 * read from the record. @returns the last entry of each file
 */
export async function readIndex(path: string): Promise<Map<string, IndexEntry>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const entries = text.split('\n').flatMap(entryOf);
  return new Map(entries.map((entry) => [entry.file, entry]));
}

function entryOf(line: string): IndexEntry[] {
  try {
    const entry = indexEntrySchema.safeParse(JSON.parse(line));
    return entry.success ? [entry.data] : [];
  } catch {
    return [];
  }
}

export async function writeIndex(path: string, entries: readonly IndexEntry[]): Promise<void> {
  await cached(() => writeDurably(path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')));
}

/** The line break in front ends a line that a crash tore. */
export async function appendToIndex(path: string, entry: IndexEntry): Promise<void> {
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
