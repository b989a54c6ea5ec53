import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxOffer } from './lacks.ts';

/** The sandbox that this process runs in. */
export const sandboxOffer: SandboxOffer = {
  has: (program) => (process.env.PATH ?? '').split(':').some((folder) => isExecutable(join(folder, program))),
  get ipvs() {
    return existsSync('/proc/net/ip_vs');
  },
  get virtualTime() {
    return /\btime-travel\b/.test(readFileSync('/proc/cmdline', 'utf8'));
  },
  breaks: {
    get bridgeFilter() {
      filters ??= spawnSync('nft', ['-c', 'add table bridge drlab']).status === 0;
      return filters;
    },
    get ownKernel() {
      return ['uml', 'qemu'].includes(process.env.DRLAB_SANDBOX ?? '');
    },
  },
};

/** Asked of the kernel once. */
let filters: boolean | undefined;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
