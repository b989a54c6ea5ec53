import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LabUnavailable, UsageError } from '../../src/util/errors.ts';
import { exists } from '../../src/util/exists.ts';
import { stanzas } from './packages.ts';
import { compareReleases } from './release.ts';
import { run } from './run.ts';

/** What a kernel is built from. */
export interface KernelSource {
  /** What `build.sh` is given: a package, or an absolute path. */
  from: string;
  /** Names the sources in the cache. */
  version: string;
  /** A tree may have changed since: make decides what that means. */
  tree: boolean;
}

/**
 * What a user means: a folder with kernel sources, a package such as `linux-source-6.12`, or its series, `6.12`.
 * @throws {UsageError} for a folder without kernel sources.
 * @throws {LabUnavailable} for a package that apt does not know.
 */
export async function kernelSource(wanted: string): Promise<KernelSource> {
  if (wanted.includes('/') || wanted === '.') return sourceTree(wanted);
  const from = /^\d+\.\d+$/.test(wanted) ? `linux-source-${wanted}` : wanted;
  const version = (await versionsOf([from])).get(from);
  if (version !== undefined) return { from, version, tree: false };
  const known = (await run('apt-cache', ['pkgnames', 'linux-source-'])).stdout.split('\n');
  const others = [...(await versionsOf(known.filter((name) => packageWithSources.test(name)))).keys()];
  if (others.length === 0) {
    throw new LabUnavailable(`apt knows no package ${from}, and no other with kernel sources`, {
      hint: 'apt-get update; or give the folder of a kernel tree',
    });
  }
  others.sort(compareReleases);
  throw new LabUnavailable(`apt knows no package ${from}; it knows ${others.join(', ')}`, {
    hint: `drlab kernel build --source ${others.at(-1)}; or give the folder of a kernel tree`,
  });
}

const packageWithSources = /^linux-source-\d+\.\d+$/;

/** Of packages by exactly these names: to apt one that it does not know is a pattern, and 6.1 also means 6.12. */
async function versionsOf(names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const { stdout } = await run('apt-cache', ['show', '--no-all-versions', ...names]);
  const found = stanzas(stdout).map((field): [string, string] => [field('Package'), field('Version')]);
  return new Map(found.filter(([name]) => names.includes(name)));
}

async function sourceTree(wanted: string): Promise<KernelSource> {
  const from = await realpath(resolve(wanted)).catch(() => resolve(wanted));
  if (!(await exists(join(from, 'arch/um/Kconfig'))))
    throw new UsageError(`${wanted} is not a kernel source tree with User-Mode Linux`);
  const { code, stdout, stderr } = await run('make', ['-s', '-C', from, 'kernelversion']);
  const version = stdout.trim();
  if (code !== 0 || version === '')
    throw new LabUnavailable(`the tree ${wanted} does not state its version: ${stderr.trim()}`);
  const place = createHash('sha256').update(from).digest('hex').slice(0, 6);
  return { from, version: `${version}-${place}`, tree: true };
}
