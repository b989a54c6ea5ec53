import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { compareReleases } from './release.ts';

/** A kernel that can be booted. */
export interface Kernel {
  release: string;
  /** The bzImage. */
  image: string;
  /** Holds `modules.dep`; absent for a kernel that has everything built in. */
  modulesDir?: string;
}

/** What drlab keeps for this user between runs. */
export const cacheDir = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'drlab');

export const kernelsDir = (): string => join(cacheDir(), 'kernels');

export function cachedKernel(release: string): Kernel {
  const dir = join(kernelsDir(), release);
  return {
    release,
    image: join(dir, 'boot', `vmlinuz-${release}`),
    modulesDir: join(dir, 'lib/modules', release),
  };
}

/** Fetched kernels, newest first. A folder is there only when it is whole; others begin with a dot. */
export async function cachedKernels(): Promise<Kernel[]> {
  const names = await readdir(kernelsDir()).catch(() => []);
  return names
    .filter((name) => !name.startsWith('.'))
    .sort((a, b) => compareReleases(b, a))
    .map(cachedKernel);
}

/** Bytes that a fetched kernel takes. */
export async function sizeOf(release: string): Promise<number> {
  const dir = join(kernelsDir(), release);
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
