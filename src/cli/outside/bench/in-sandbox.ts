import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostSandbox } from '../../../../lab/sandbox/index.ts';
import { packageRoot } from '../../../util/root.ts';

/**
 * Runs a program in a fresh sandbox on the machine's own kernel.
 * @returns the last line that it printed, as JSON.
 * @throws {Error} with what it printed when that is no JSON.
 */
export async function inSandbox<T>(argv: string[]): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'drlab-bench-'));
  try {
    const consolePath = join(dir, 'console.txt');
    await using running = await hostSandbox.start({
      argv,
      env: { NODE_NO_WARNINGS: '1' },
      cwd: packageRoot,
      writableDirs: [],
      consolePath,
      interactive: false,
      memoryMiB: 1024,
    });
    const { problem, code } = await running.exited;
    const said = (await readFile(consolePath, 'utf8')).trim();
    const last = said.split('\n').at(-1) ?? '';
    if (problem === undefined && code === 0 && last.startsWith('{')) return JSON.parse(last) as T;
    throw new Error(problem ?? (last || `it ended with ${code}`));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
