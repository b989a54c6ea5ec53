import type { RunningSandbox, SandboxExit } from './types.ts';
import type { World } from './world.ts';

/** A world as a sandbox; `explain` turns its end into what the user is told. */
export function running(
  world: World,
  interactive: boolean,
  explain: (end: Awaited<World['ended']>) => SandboxExit,
): RunningSandbox {
  // Ctrl-C in a shell is for the program in there; this process shares its terminal.
  const ignore = () => {};
  if (interactive) process.on('SIGINT', ignore);
  const exited = world.ended.then((end) => {
    process.off('SIGINT', ignore);
    return explain(end);
  });
  return {
    pid: world.pid,
    exited,
    kill: world.kill,
    async [Symbol.asyncDispose]() {
      world.kill();
      await exited;
    },
  };
}
