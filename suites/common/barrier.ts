import type { Host } from '../../src/model/host.ts';
import { runProgram } from '../../src/programs/index.ts';

/**
 * Frames stay in order, so what went before an echo is there when the echo is. Groups of addresses are asked one after
 * the other; a lost echo decides nothing.
 */
export async function barrier(from: Host, ...groups: string[][]): Promise<void> {
  await runProgram(
    from,
    'echo',
    groups.map((addresses) => addresses.join(',')),
  );
}
