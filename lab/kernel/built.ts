import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UsageError } from '../../src/util/errors.ts';
import { asset } from '../sandbox/assets.ts';
import { cacheDir } from './cache.ts';
import { compareReleases } from './release.ts';

/** A User-Mode Linux kernel with time travel, built by `drlab kernel build`. */
export interface BuiltKernel {
  /** `SOURCE-VERSION-RECIPE`, the name of its folder. */
  name: string;
  /** What it calls itself, such as `6.1.192`. */
  release: string;
  /** The program. */
  image: string;
  /** Loaded into it, makes its random numbers a function of `DRLAB_SEED`. */
  seeder: string;
  bytes: number;
  /** Made from another fragment than the one that this drlab has. */
  outdated: boolean;
}

export const builtDir = (): string => join(cacheDir(), 'uml-kernels');

export const fragmentPath = (): string => asset('../kernel/uml.fragment');
export const seederSource = (): string => asset('../kernel/seed.c');

/** Eight hexadecimal digits of what a kernel is made from in addition to its sources. */
export async function recipe(): Promise<string> {
  const hash = createHash('sha256');
  for (const path of [fragmentPath(), seederSource()]) hash.update(await readFile(path));
  return hash.digest('hex').slice(0, 8);
}

/** Kernels that were built and booted, the newest first. A folder is there only when it is whole; others begin with a dot. */
export async function builtKernels(): Promise<BuiltKernel[]> {
  const names = (await readdir(builtDir()).catch(() => [])).filter((name) => !name.startsWith('.'));
  const current = await recipe();
  return Promise.all(
    names
      .sort((a, b) => compareReleases(b, a))
      .map((name) => readBuilt(join(builtDir(), name), name, current)),
  );
}

/** The kernel in a folder with `linux`, `seed.so` and `release`. */
export async function readBuilt(dir: string, name: string, current: string): Promise<BuiltKernel> {
  const image = join(dir, 'linux');
  const [text, { size }] = await Promise.all([readFile(join(dir, 'release'), 'utf8'), stat(image)]).catch(
    (cause) => {
      throw new UsageError(`${dir}: expected a kernel in the files linux and release: ${messageOf(cause)}`, {
        hint: 'Remove the folder, and build the kernel again: drlab kernel build',
        cause,
      });
    },
  );
  const release = text.trim();
  if (!/^\d+\.\d+/.test(release))
    throw new UsageError(`${join(dir, 'release')}: expected a release such as 6.1.192, found «${release}»`, {
      hint: 'Remove the folder, and build the kernel again: drlab kernel build',
    });
  return {
    name,
    release,
    image,
    seeder: join(dir, 'seed.so'),
    bytes: size,
    outdated: !name.endsWith(`-${current}`),
  };
}

/** The newest kernel that has all that this drlab wants of one, or why there is none. */
export async function kernelForVirtualTime(): Promise<BuiltKernel | { none: string }> {
  const all = await builtKernels();
  const current = all.find(({ outdated }) => !outdated);
  if (current) return current;
  const [old] = all;
  return {
    none: old
      ? `the kernel ${old.name} was built from a different fragment than this drlab's`
      : 'no kernel with virtual time has been built',
  };
}
