import { dirname, join, resolve } from 'node:path';
import { LabUnavailable, UsageError } from '../../src/util/errors.ts';
import { exists } from '../../src/util/exists.ts';
import { cachedKernels, type Kernel } from './cache.ts';
import { type FetchProgress, fetchKernel } from './fetch.ts';
import { releaseOf } from './image.ts';
import { obtainableKernels } from './obtainable.ts';
import { packageFor } from './packages.ts';
import { isRelease, looksLikeRelease } from './release.ts';

/** Told about what takes long: fetching a package of so many bytes. */
export type OnFetch = (release: string) => FetchProgress;

/**
 * The kernel that a user names: a release or the beginning of one (`6.1`), from the cache or fetched into it,
 * or the path of a bzImage, with its modules in `lib/modules/RELEASE` beside or above it.
 * @throws {UsageError} for a path that is no kernel.
 * @throws {LabUnavailable} for a release that is unavailable.
 */
export async function findKernel(wanted: string, onFetch?: OnFetch): Promise<Kernel> {
  if (!looksLikeRelease(wanted)) return kernelAt(wanted);
  const cached = (await cachedKernels()).find(({ release }) => isRelease(release, wanted));
  if (cached) return cached;
  const packages = await obtainableKernels();
  const one = packageFor(packages, wanted);
  if (one === undefined) {
    const series = [...new Set(packages.map((each) => each.series))].reverse().join(', ');
    throw new LabUnavailable(`no kernel ${wanted} is available; available are ${series}`, {
      hint: 'drlab kernel list',
    });
  }
  return fetchKernel(one, onFetch?.(one.release));
}

async function kernelAt(path: string): Promise<Kernel> {
  const image = resolve(path);
  if (!(await exists(image)))
    throw new UsageError(`there is no kernel ${path}: give a release such as 6.1, or a bzImage`);
  const release = await releaseOf(image);
  const dir = dirname(image);
  const places = [dir, dirname(dir)].flatMap((one) => [
    join(one, 'lib/modules', release),
    join(one, 'usr/lib/modules', release),
    join(one, 'modules', release),
  ]);
  for (const modulesDir of places) {
    if (await exists(join(modulesDir, 'modules.dep'))) return { release, image, modulesDir };
  }
  return { release, image };
}
