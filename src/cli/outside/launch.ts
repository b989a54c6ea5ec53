import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { driverOf } from '../../../lab/drivers.ts';
import { guestMemoryMiB } from '../../../lab/machine/index.ts';
import {
  chooseSandbox,
  type SandboxChoice,
  type SandboxNeeds,
  sandboxes,
} from '../../../lab/sandbox/index.ts';
import { kernelNeedsOf } from '../../model/director-kinds.ts';
import type { RunEvent } from '../../model/events.ts';
import type { Job } from '../../model/job.ts';
import type { SandboxName } from '../../model/kinds.ts';
import type { SandboxTrial } from '../../model/record.ts';
import { hostsOf, type LabSpec } from '../../model/spec.ts';
import { EventFollower } from '../../run/follow.ts';
import { crowding } from '../../util/crowding.ts';
import { deterministicFlags } from '../../util/deterministic.ts';
import { UsageError } from '../../util/errors.ts';
import { compiled, packageRoot } from '../../util/root.ts';
import { timeoutMs } from '../../util/timeouts.ts';
import { sweepAfter } from '../shared/after.ts';
import { fileOf, type files } from '../shared/files.ts';
import { fetchNotes } from './fetch-notes.ts';

export interface Launch {
  job: Job;
  sandbox: SandboxName;
  /** For the qemu sandbox: a release, or the path of a bzImage. */
  kernel?: string | undefined;
  needs: SandboxNeeds;
  /** Taken before, by `choose`; then nothing is tried again. */
  choice?: SandboxChoice;
  interactive?: boolean;
  /** In virtual time: what random numbers inside come from. */
  seed?: number | undefined;
  /** Told what takes long before there is a sandbox, such as fetching a kernel. */
  onNote?: (text: string) => void;
  onChoice?: (trials: SandboxTrial[]) => void;
  /** Told the pid of the sandbox's first process on this machine. */
  onStart?: (pid: number) => void;
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
  // Without directors any kernel will do.
  ...(hostsOf(spec, 'director').length > 0
    ? kernelNeedsOf(spec.director.kind)
    : { ipvs: false, nftNetdev: false }),
  ...driverOf(spec).needs(spec),
});

/**
 * Starts drlab again inside a sandbox and follows what it tells, until it ends, is silent for too long,
 * or `signal` is aborted.
 * @throws {LabUnavailable} when there is no sandbox for this lab.
 */
export async function launch(options: Launch): Promise<Launched> {
  const { job, signal } = options;
  const { sandbox, trials } = options.choice ?? (await choose(options));
  if (!options.choice) options.onChoice?.(trials);
  const path = (name: keyof typeof files, dir = job.outDir): string =>
    join(dir, fileOf(name, 'worker' in job ? job.worker : undefined));
  const { out: inside, package: home } = sandbox.seenAt ?? { out: job.outDir, package: packageRoot };
  await mkdir(join(job.outDir, 'raw'), { recursive: true });
  await writeFile(path('job'), JSON.stringify({ ...job, outDir: inside }));
  await writeFile(path('events'), '');
  await using follower = await EventFollower.open(path('events'));
  await using running = await sandbox.start({
    argv: [
      process.execPath,
      ...deterministicFlags(options.seed),
      compiled('guest/inside.js', home),
      path('job', inside),
    ],
    env: { DRLAB_SANDBOX: sandbox.kind, NODE_NO_WARNINGS: '1' },
    cwd: home,
    writableDirs: [job.outDir],
    consolePath: path('console'),
    interactive: options.interactive ?? false,
    memoryMiB: guestMemoryMiB,
  });
  options.onStart?.(running.pid);
  const abort = (): void => running.kill();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  const events: RunEvent[] = [];
  let silentSince = performance.now();
  let problem: string | undefined;
  let exit: Awaited<typeof running.exited> | undefined;
  void running.exited.then((value) => {
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
    // Everything has been told: what is left of the sandbox need not be waited for.
    if (silentMs > timeoutMs.sandboxEnd && events.at(-1)?.type === 'end') running.kill();
    else if (!options.interactive && silentMs > timeoutMs.silence * crowding() && problem === undefined) {
      problem = `the ${sandbox.kind} sandbox was silent for ${Math.round(silentMs / 1000)} s and was stopped`;
      running.kill();
    }
    if (!ended) await sleep(50);
  }
  signal.removeEventListener('abort', abort);
  await rm(path('job'), { force: true });
  if (events.at(-1)?.type !== 'end') await sweepAfter(job);
  const code = exit?.code ?? null;
  if (signal.aborted) problem = 'interrupted';
  else if (events.at(-1)?.type !== 'end') problem ??= exit?.problem ?? endedEarly(code);
  return { sandbox: sandbox.kind, trials, events, code, problem };
}

/** Only the qemu sandbox has kernels to choose from, so naming one is choosing it. */
export function choose({
  sandbox: which,
  kernel,
  needs,
  onNote,
}: Pick<Launch, 'sandbox' | 'kernel' | 'needs' | 'onNote'>): Promise<SandboxChoice> {
  if (kernel !== undefined && which !== 'auto' && which !== 'qemu') {
    throw new UsageError(
      `the ${which} sandbox has only one kernel, so --kernel ${kernel} has no effect there`,
      {
        hint: '--sandbox qemu',
      },
    );
  }
  const qemu = { ...(kernel !== undefined && { kernel }), ...(onNote && { onFetch: fetchNotes(onNote) }) };
  return chooseSandbox(kernel === undefined ? which : 'qemu', needs, sandboxes(qemu));
}

const endedEarly = (code: number | null): string =>
  `the program inside the sandbox ended early (exit code ${code ?? 'unknown'})`;
