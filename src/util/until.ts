import { setTimeout as sleep } from 'node:timers/promises';
import { TimedOut } from './errors.ts';

/**
 * Calls `look` until it returns something other than `undefined`, and returns that.
 * @throws {TimedOut} naming what was waited for.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  options: { withinMs: number; everyMs?: number; lastSeen?: () => string },
): Promise<T> {
  const start = performance.now();
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() - start >= options.withinMs) {
      throw new TimedOut(what, options.withinMs, options.lastSeen?.());
    }
    await sleep(options.everyMs ?? 100);
  }
}
