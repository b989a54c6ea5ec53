import { randomBytes } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An open file with this content and without a name: nothing is left of it, however we end. The caller closes it. */
export function unlinkedFile(content: Buffer): number {
  const path = join(tmpdir(), `drlab-${randomBytes(6).toString('hex')}`);
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  writeFileSync(fd, content);
  return fd;
}

/** Lends such a file. */
export async function withUnlinked<T>(content: Buffer, use: (fd: number) => Promise<T>): Promise<T> {
  const fd = unlinkedFile(content);
  try {
    return await use(fd);
  } finally {
    closeSync(fd);
  }
}
