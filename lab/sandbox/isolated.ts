import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Isolation } from './isolation.ts';
import type { SandboxExit } from './types.ts';

export interface IsolatedJob {
  isolation: Isolation;
  argv: string[];
  /** The whole environment. */
  env: Record<string, string>;
  cwd: string;
  writableDirs: string[];
  /** Folders of its own, to write to: in place of /etc, /tmp and /var/tmp, or aside for a guest. Default: none. */
  ownFolders?: 'here' | 'aside';
  /** In /etc of its own, whether iptables and the like are the legacy ones: looked for on this kernel, or known. Default: as outside. */
  tables?: 'probe' | 'legacy';
  /** Size limit of its own /run, where its temporary files lie. */
  runMiB: number;
  /** Descriptors 0, 1, 2 and, after the liveness socket at 3, what the program needs beyond. */
  stdin: 'ignore' | 'inherit';
  stdout: number | 'inherit' | 'pipe';
  stderr: number | 'inherit' | 'pipe';
  extra?: number[];
  /** Stay in the terminal's foreground group: its signals reach the program. */
  foreground: boolean;
}

export interface Isolated {
  readonly pid: number;
  readonly process: ChildProcess;
  /** `problem` only says that the program did not end by itself; the caller knows the circumstances. */
  readonly ended: Promise<IsolatedEnd>;
  kill(): void;
}

export type IsolatedEnd = SandboxExit & { stage: 'set-up' | 'program' | 'lost' };

/** The first process sees the closed socket within milliseconds; this is for one that was stopped. */
const killGraceMs = 3_000;

/** Starts a program in namespaces of its own, which end with it, or with this process. */
export function startIsolated(job: IsolatedJob): Isolated {
  const { runDir, namespaces, command } = job.isolation;
  const [program = '', ...prefix] = command;
  const child = spawn(
    program,
    [...prefix, runDir, String(job.runMiB), job.cwd, job.writableDirs.join('\n'), ...job.argv],
    {
      env: {
        ...job.env,
        TMPDIR: `${runDir}/tmp`,
        ...(job.ownFolders && { OWN_FOLDERS: job.ownFolders }),
        ...(job.tables && { TABLES: job.tables }),
      },
      stdio: [job.stdin, job.stdout, job.stderr, 'pipe', ...(job.extra ?? [])],
      detached: !job.foreground,
    },
  );
  const liveness = child.stdio[3] as Duplex;
  let said = '';
  liveness.setEncoding('utf8');
  liveness.on('data', (text: string) => {
    said += text;
  });
  // The other end may vanish at any time; `ended` tells.
  liveness.on('error', () => {});

  let killed = false;
  const ended = new Promise<IsolatedEnd>((resolve) => {
    child.once('error', (error) => resolve({ stage: 'set-up', code: null, problem: error.message }));
    child.once('close', (_code, signal) =>
      resolve(
        killed ? { stage: 'program', code: null, problem: 'it was ended from outside' } : endOf(said, signal),
      ),
    );
  });
  const kill = () => {
    if (killed || child.exitCode !== null || child.signalCode !== null) return;
    killed = true;
    liveness.destroy();
    if (!namespaces) return;
    const last = setTimeout(() => child.kill('SIGKILL'), killGraceMs);
    child.once('exit', () => clearTimeout(last));
  };
  return { pid: child.pid ?? -1, process: child, ended, kill };
}

/** What the first process said last, as an end. */
export function endOf(said: string, signal: NodeJS.Signals | null): IsolatedEnd {
  const lines = said.trim().split('\n');
  if (!lines.includes('up'))
    return { stage: 'set-up', code: null, problem: 'the namespaces could not be set up' };
  if (lines.includes('lost'))
    return { stage: 'lost', code: null, problem: 'the guest ended before its program' };
  const code = /^exit (\d+)$/.exec(lines.at(-1) ?? '')?.[1];
  if (code === undefined) {
    return {
      stage: 'program',
      code: null,
      problem: `the isolated process was ended by ${signal ?? 'someone else'}`,
    };
  }
  return { stage: 'program', ...programEnd(Number(code)) };
}

/** A shell reports a signal as 128 + its number; 130 is also what drlab itself returns when interrupted. */
export function programEnd(code: number): SandboxExit {
  const deadly = ['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM'] as const;
  const signal = deadly.find((name) => constants.signals[name] === code - 128);
  return signal ? { code: null, problem: `the program inside was ended by ${signal}` } : { code };
}
