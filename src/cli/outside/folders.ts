import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../../util/errors.ts';

/**
 * Makes a folder and those above it. Not by `recursive: true`, with which Node 20 tries for ever where the
 * kernel says ENOENT to any new folder, as in /proc.
 * @param option what names another one
 * @throws {UsageError} when it cannot be.
 */
export async function makeFolder(path: string, option = '--out DIR'): Promise<string> {
  const full = resolve(path);
  try {
    await make(full);
    if (!(await stat(full)).isDirectory()) throw new Error('it is a file');
    return full;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`cannot write to ${full}: ${why}`, {
      hint: `choose another folder: ${option}`,
      cause,
    });
  }
}

async function make(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined)) || path === dirname(path)) return;
  await make(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
