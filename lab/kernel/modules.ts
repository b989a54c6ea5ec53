import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabUnavailable } from '../../src/util/errors.ts';

/** Where modules of one kernel lie, relative to its folder: by name, and what each needs. */
export interface ModuleTable {
  /** Path to the paths that it needs, as `modules.dep` has them. */
  needs: Map<string, string[]>;
  builtin: Set<string>;
}

/** `kernel/fs/9p/9p.ko.xz` is the module `9p`; `-` and `_` mean the same in names. */
export const moduleName = (path: string): string =>
  path
    .replace(/^.*\//, '')
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');

/** From the texts of `modules.dep` and `modules.builtin`; depmod(8). */
export function parseModules(dep: string, builtin: string): ModuleTable {
  const needs = new Map<string, string[]>();
  for (const line of dep.split('\n')) {
    const [path, rest] = line.split(':');
    if (path && rest !== undefined) needs.set(path.trim(), rest.trim().split(/\s+/).filter(Boolean));
  }
  return { needs, builtin: new Set(builtin.split('\n').filter(Boolean).map(moduleName)) };
}

/**
 * Paths of the named modules and of what they need, in the order in which they load; built-in ones are left out.
 * @throws {LabUnavailable} for a name that the kernel does not have.
 */
export function loadOrder({ needs, builtin }: ModuleTable, names: readonly string[]): string[] {
  const paths = new Map([...needs.keys()].map((path) => [moduleName(path), path]));
  const order = new Set<string>();
  for (const name of names.map(moduleName)) {
    if (builtin.has(name)) continue;
    const path = paths.get(name);
    if (path === undefined) throw new LabUnavailable(`this kernel has no module ${name}`);
    // A module needs all that stand behind it, and the last needs none.
    for (const one of [path, ...(needs.get(path) ?? [])].reverse()) order.add(one);
  }
  return [...order];
}

/** @param modulesDir such as `/lib/modules/6.1.0-50-amd64` */
export async function readModules(modulesDir: string): Promise<ModuleTable> {
  const read = (name: string) => readFile(join(modulesDir, name), 'utf8');
  try {
    return parseModules(await read('modules.dep'), await read('modules.builtin').catch(() => ''));
  } catch (error) {
    throw new LabUnavailable(`${modulesDir} has no modules.dep`, {
      cause: error,
      hint: 'depmod --basedir DIR RELEASE, where DIR holds lib/modules/RELEASE',
    });
  }
}
