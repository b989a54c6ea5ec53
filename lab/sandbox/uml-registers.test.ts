import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hasWideRegisters, registersLibrary } from './uml-registers.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'drlab-registers-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

it('knows CPUs with more registers by their flags', () => {
  expect(hasWideRegisters('processor\t: 0\nflags\t\t: fpu sse2 amx_bf16 amx_tile amx_int8\n')).toBe(true);
  expect(hasWideRegisters('processor\t: 0\nflags\t\t: fpu sse2 avx512f\nbugs\t: amx_tile\n')).toBe(false);
});

it('takes the library that is there', async () => {
  const made = await registersLibrary();
  if ('none' in made) return expect(made.none).toMatch(/gcc is not installed|error/);
  await writeFile(made.path, 'as it was');
  expect(await registersLibrary()).toEqual(made);
  expect(await readFile(made.path, 'utf8')).toBe('as it was');
});

it('says that there is no compiler, and leaves nothing half made', async () => {
  vi.stubEnv('PATH', cache);
  expect(await registersLibrary()).toEqual({ none: 'gcc is not installed' });
  expect(await readdir(join(cache, 'drlab'))).toEqual([]);
});
