import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { minimalEnvironment } from './environment.ts';

/** Where a program lies in the search path of the inside. */
export async function locate(name: string): Promise<string | undefined> {
  const paths = (minimalEnvironment({}).PATH ?? '').split(delimiter).map((dir) => join(dir, name));
  const there = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => path,
        () => undefined,
      ),
    ),
  );
  return there.find((path) => path !== undefined);
}

export interface NeededProgram {
  name: string;
  package: string;
}

/** It starts containerd and runc, which come with it. */
export const dockerd: NeededProgram = { name: 'dockerd', package: 'docker.io' };

/** What is not there, as the answer of an attempt; undefined when everything is. */
export async function lacking(
  programs: readonly NeededProgram[],
): Promise<{ ok: false; why: string; install: string } | undefined> {
  const found = await Promise.all(programs.map(async (one) => ({ one, path: await locate(one.name) })));
  const missing = found.filter(({ path }) => path === undefined).map(({ one }) => one);
  if (missing.length === 0) return undefined;
  return {
    ok: false,
    why: `not installed: ${missing.map(({ name }) => name).join(', ')}`,
    install: `apt-get install ${missing.map((program) => program.package).join(' ')}`,
  };
}
