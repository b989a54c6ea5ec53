import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostSandbox } from '../../../lab/sandbox/index.ts';
import { until } from '../../util/until.ts';
import { packageRoot } from '../package.ts';

/**
 * Runs a program in a fresh world on the machine's own kernel.
 * @returns the last line that it printed, as JSON.
 * @throws {Error} with what it printed when that is no JSON.
 */
export async function inWorld<T>(argv: string[]): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'drlab-bench-'));
  try {
    const consolePath = join(dir, 'console.txt');
    await using world = await hostSandbox.start({
      argv,
      env: { NODE_NO_WARNINGS: '1' },
      cwd: packageRoot,
      writableDirs: [],
      consolePath,
      interactive: false,
      memoryMiB: 1024,
    });
    const { problem, code } = await world.exited;
    const said = (await readFile(consolePath, 'utf8')).trim();
    const last = said.split('\n').at(-1) ?? '';
    if (problem === undefined && code === 0 && last.startsWith('{')) return JSON.parse(last) as T;
    throw new Error(problem ?? (last || `it ended with ${code}`));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A network namespace made while the kernel removes others waits for it. */
const quietMs = 50;

/** Waits until the kernel has removed the namespaces of the last lab. @returns how long that took. */
export async function untilQuiet(): Promise<number> {
  const user = process.getuid?.() === 0 ? [] : ['--user'];
  const start = performance.now();
  const isQuiet = (): true | undefined => {
    const before = performance.now();
    spawnSync('unshare', [...user, '--net', 'true']);
    return performance.now() - before < quietMs ? true : undefined;
  };
  await until('the kernel to remove namespaces', isQuiet, { withinMs: 60_000, everyMs: 10 });
  return performance.now() - start;
}
