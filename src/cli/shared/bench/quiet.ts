import { spawnSync } from 'node:child_process';
import { until } from '../../../util/until.ts';

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
