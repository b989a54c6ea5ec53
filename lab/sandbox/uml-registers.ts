import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { compiled } from '../../src/util/root.ts';
import type { Attempt } from './types.ts';

/** Compiled by `npm run build`, where there is a compiler (see its source beside this file). */
const library = (): string[] => [compiled('uml-registers.so')].filter((path) => existsSync(path));

/** Starts a User-Mode Linux kernel with libraries loaded into it: the one for its registers, and others. */
export const withLibraries = (image: string, others: string[] = []): string[] => [
  'env',
  `LD_PRELOAD=${[...library(), ...others].join(':')}`,
  image,
];

/** Whether processes of a CPU have more extended registers than User-Mode Linux 6.1 has room for. */
export const hasWideRegisters = (cpuinfo: string): boolean => /^flags\s*:.* (amx_tile|apx)\b/m.test(cpuinfo);

/** Why no guest can boot on this CPU; undefined where one can. */
export async function unfitRegisters(): Promise<Attempt | undefined> {
  if (library().length > 0 || !hasWideRegisters(await readFile('/proc/cpuinfo', 'utf8'))) return undefined;
  return {
    ok: false,
    why: 'User-Mode Linux has no room for the registers of this CPU (AMX), and the library that works around this has not been compiled',
    install: 'apt-get install -y --no-install-recommends gcc libc6-dev && npm run build',
  };
}
