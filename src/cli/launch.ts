import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chooseSandbox, type SandboxNeeds } from '../../lab/sandbox/index.ts';
import type { RunEvent } from '../model/events.ts';
import type { Job } from '../model/job.ts';
import type { SandboxTrial } from '../model/record.ts';
import { hostsOf, type LabSpec } from '../model/spec.ts';
import { EventFollower } from '../run/follow.ts';
import { timeoutMs } from '../util/timeouts.ts';
import { files } from './files.ts';
import { compiled, packageRoot } from './package.ts';

export type SandboxName = 'auto' | 'host' | 'uml';

export interface Launch {
  job: Job;
  sandbox: SandboxName;
  needs: SandboxNeeds;
  interactive?: boolean;
  onChoice?: (trials: SandboxTrial[]) => void;
  /** Told the pid of the world's first process on this machine. */
  onWorld?: (pid: number) => void;
  onEvent: (event: RunEvent) => void;
  /** Ends the sandbox when it is aborted. */
  signal: AbortSignal;
}

export interface Launched {
  sandbox: SandboxTrial['sandbox'];
  trials: SandboxTrial[];
  events: RunEvent[];
  /** Exit code of the program inside; null when it did not end by itself. */
  code: number | null;
  /** What ended it early, if anything did. */
  problem: string | undefined;
}

export const needsOf = (spec: LabSpec): SandboxNeeds => ({
  ipvs: hostsOf(spec, 'director').length > 0 && spec.director.kind !== 'nftables',
  nftNetdev: spec.director.kind === 'nftables',
});

/**
 * Starts drlab again inside a sandbox and follows what it tells, until it ends, is silent for too long,
 * or `signal` is aborted.
 * @throws {LabUnavailable} when there is no sandbox for this lab.
 */
export async function launch(options: Launch): Promise<Launched> {
  const { job, signal } = options;
  const { sandbox, trials } = await chooseSandbox(options.sandbox, options.needs);
  options.onChoice?.(trials);
  const path = (name: keyof typeof files): string => join(job.outDir, files[name]);
  await mkdir(join(job.outDir, 'raw'), { recursive: true });
  await writeFile(path('job'), JSON.stringify(job));
  await writeFile(path('events'), '');
  await using follower = await EventFollower.open(path('events'));
  await using world = await sandbox.start({
    argv: [process.execPath, compiled('src/cli/inside.js'), path('job')],
    env: { DRLAB_SANDBOX: sandbox.kind, NODE_NO_WARNINGS: '1' },
    cwd: packageRoot,
    writableDirs: [job.outDir],
    consolePath: path('console'),
    interactive: options.interactive ?? false,
    memoryMiB: 2048,
  });
  options.onWorld?.(world.pid);
  const abort = (): void => world.kill();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  const events: RunEvent[] = [];
  let silentSince = performance.now();
  let problem: string | undefined;
  let exit: Awaited<typeof world.exited> | undefined;
  void world.exited.then((value) => {
    exit = value;
  });
  for (let ended = false; !ended; ) {
    // The last events may come with the end, so look once more after it.
    ended = exit !== undefined;
    const fresh = await follower.poll();
    for (const event of fresh) {
      if (event.type !== 'heartbeat') events.push(event);
      options.onEvent(event);
    }
    if (fresh.length > 0) silentSince = performance.now();
    const silentMs = performance.now() - silentSince;
    if (!options.interactive && silentMs > timeoutMs.silence && problem === undefined) {
      problem = `the ${sandbox.kind} sandbox was silent for ${Math.round(silentMs / 1000)} s and was ended`;
      world.kill();
    }
    if (!ended) await sleep(50);
  }
  signal.removeEventListener('abort', abort);
  const code = exit?.code ?? null;
  if (signal.aborted) problem = 'interrupted';
  else
    problem ??=
      exit?.problem ?? (events.some((event) => event.type === 'end') ? undefined : endedEarly(code));
  return { sandbox: sandbox.kind, trials, events, code, problem };
}

const endedEarly = (code: number | null): string =>
  `the program inside the sandbox ended early (exit code ${code ?? 'unknown'})`;
