import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const draftPrefix = '.draft-';

/**
 * The file is there whole or not at all, also when the power fails in between: written to a draft beside it, made durable,
 * renamed, the folder made durable. A draft that a crash left is nobody's file; `sweepDrafts` removes it.
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `${draftPrefix}${randomUUID()}`);
  try {
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Some file systems cannot sync a folder; they keep a rename by themselves or not at all. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
  } finally {
    await folder.close();
  }
}

/** Removes drafts older than `olderThanMs`: no writer takes that long. */
export async function sweepDrafts(folder: string, olderThanMs = 600_000): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(draftPrefix)) continue;
    const path = join(folder, name);
    const written = await stat(path).catch(() => undefined);
    if (written && Date.now() - written.mtimeMs > olderThanMs) await rm(path, { force: true });
  }
}
