import { crowding } from '../../src/util/crowding.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { isUp, lastLine, panicReason } from './console.ts';
import type { IsolatedEnd } from './isolated.ts';
import type { SandboxExit } from './types.ts';

/** What to say about a boot that took too long, once it is over. */
export interface BootWatch {
  stop(): string | undefined;
}

/** Kills a guest that shows no sign of life in time; `stop` returns what to say then. */
export function watchBoot(consolePath: string, kill: () => void): BootWatch {
  let problem: string | undefined;
  const withinMs = timeoutMs.sandboxStart * crowding();
  const look = setInterval(() => isUp(consolePath) && stop(), 250);
  const deadline = setTimeout(() => {
    problem = `the guest showed no output within ${Math.round(withinMs / 1000)} s`;
    kill();
  }, withinMs);
  const stop = () => {
    clearInterval(look);
    clearTimeout(deadline);
    return problem;
  };
  return { stop };
}

/** The end of an isolated process with a guest kernel, in the words of its console. */
export const guestEnd =
  (consolePath: string, boot: BootWatch) =>
  ({ stage, code, problem }: IsolatedEnd): SandboxExit => {
    const late = boot.stop();
    if (late) return { code: null, problem: late };
    if (problem === undefined) return { code };
    const detail = stage === 'lost' ? panicReason(consolePath) : stage === 'set-up' && lastLine(consolePath);
    return { code, problem: detail ? `${problem}: ${detail}` : problem };
  };
