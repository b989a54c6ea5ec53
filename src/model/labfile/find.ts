import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../util/errors.ts';
import { asset } from '../../util/root.ts';
import { didYouMean } from './nearest.ts';

/** The folder of the ready-made labs. */
export const topologiesDir: string = asset('lab/topologies');

/** Names of the ready-made labs, sorted. */
export async function readyMadeLabs(): Promise<string[]> {
  const files = await readdir(topologiesDir);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/**
 * The path of a lab file: a bare word is the name of a ready-made lab, anything else is a path.
 * @throws {UsageError} when no ready-made lab has that name.
 */
export async function findLab(nameOrPath: string): Promise<string> {
  if (/[/\\]|\.ya?ml$/i.test(nameOrPath)) return nameOrPath;
  const names = await readyMadeLabs();
  if (names.includes(nameOrPath)) return join(topologiesDir, `${nameOrPath}.yaml`);
  if (existsSync(nameOrPath)) return nameOrPath;
  throw new UsageError(`no ready-made lab is called «${nameOrPath}».${didYouMean(nameOrPath, names)}`, {
    hint: `Ready-made labs: ${names.join(', ')}. Or give the path of a lab file, such as ./${nameOrPath || 'lab'}.yaml`,
  });
}
