import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '../kernel/cache.ts';
import { run } from '../kernel/run.ts';
import { asset } from './assets.ts';
import type { Attempt } from './types.ts';

const source = asset('uml-registers.c');
const compile = ['-O2', '-Wall', '-shared', '-fPIC'];

/** A library to be loaded into a User-Mode Linux kernel (see its source), or why there is none. */
export type RegistersLibrary = { path: string } | { none: string };

/** Compiles it once into the cache of this user. Without it guests boot more slowly, and on some CPUs not at all. */
export async function registersLibrary(): Promise<RegistersLibrary> {
  const hash = createHash('sha256').update(await readFile(source));
  const path = join(cacheDir(), `uml-registers-${hash.digest('hex').slice(0, 8)}.so`);
  const there = await access(path).then(
    () => true,
    () => false,
  );
  return there ? { path } : make(path).catch((error: Error) => ({ none: error.message }));
}

async function make(path: string): Promise<RegistersLibrary> {
  await mkdir(cacheDir(), { recursive: true });
  const part = await mkdtemp(join(cacheDir(), '.uml-registers-'));
  try {
    const made = join(part, 'library.so');
    const { code, stderr } = await run('gcc', [...compile, '-o', made, source]);
    if (code === 127) return { none: 'gcc is not installed' };
    if (code !== 0) return { none: stderr.split('\n').find((line) => line.includes('error')) ?? stderr };
    await rename(made, path);
    return { path };
  } finally {
    await rm(part, { recursive: true });
  }
}

/** Whether processes of a CPU have more extended registers than User-Mode Linux before 6.13 knows. */
export const hasWideRegisters = (cpuinfo: string): boolean => /^flags\s*:.* (amx_tile|apx)\b/m.test(cpuinfo);

/** Why no guest can boot on this CPU; undefined where one can. */
export async function unfitRegisters(): Promise<Attempt | undefined> {
  if (!hasWideRegisters(await readFile('/proc/cpuinfo', 'utf8'))) return undefined;
  const library = await registersLibrary();
  if ('path' in library) return undefined;
  return {
    ok: false,
    why: `User-Mode Linux has no room for the registers of this CPU (AMX), and the library that helps it could not be compiled: ${library.none}`,
    install: 'apt-get install -y --no-install-recommends gcc libc6-dev',
  };
}
