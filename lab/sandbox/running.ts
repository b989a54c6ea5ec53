import type { Isolated } from './isolated.ts';
import type { RunningSandbox, SandboxExit } from './types.ts';

/** An isolated process as a sandbox; `explain` turns its end into a message for the user. */
export function running(
  isolated: Isolated,
  interactive: boolean,
  explain: (end: Awaited<Isolated['ended']>) => SandboxExit,
): RunningSandbox {
  // Ctrl-C in a shell is for the program in there; this process shares its terminal.
  const ignore = () => {};
  if (interactive) process.on('SIGINT', ignore);
  const exited = isolated.ended.then((end) => {
    process.off('SIGINT', ignore);
    return explain(end);
  });
  return {
    pid: isolated.pid,
    exited,
    kill: isolated.kill,
    async [Symbol.asyncDispose]() {
      isolated.kill();
      await exited;
    },
  };
}
