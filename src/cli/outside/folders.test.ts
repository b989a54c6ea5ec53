import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from './folders.ts';

let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'drlab-folders-'));
});
afterEach(() => rm(base, { recursive: true }));

test('makes what is missing above it too, and takes what is there', async () => {
  const deep = join(base, 'a', 'b');
  await makeFolder(deep);
  expect(await makeFolder(deep)).toBe(deep);
  expect((await stat(deep)).isDirectory()).toBe(true);
});

test('refuses at once where no folder can be', async () => {
  await expect(makeFolder('/proc/drlab/x')).rejects.toThrow(/cannot write to \/proc\/drlab\/x: /);
});

test('refuses a file', async () => {
  await writeFile(join(base, 'file'), '');
  await expect(makeFolder(join(base, 'file'))).rejects.toThrow('it is a file');
  await expect(makeFolder(join(base, 'file', 'below'))).rejects.toThrow(/cannot write/);
});
