import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiled } from '../../util/root.ts';
import { until } from '../../util/until.ts';

/** The compiled command line, as users start it. */

export interface Ended {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
  tookMs: number;
}

export interface StartOptions {
  /** Put before the command: `setpriv …`, `nsenter …`. */
  prefix?: string[];
  cwd?: string;
  env?: Record<string, string>;
}

export class Running {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;

  constructor(readonly child: ChildProcess) {
    const start = performance.now();
    child.stdout?.on('data', (chunk) => {
      this.stdout += String(chunk);
    });
    child.stderr?.on('data', (chunk) => {
      this.stderr += String(chunk);
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) =>
        resolve({ code, stdout: this.stdout, stderr: this.stderr, tookMs: performance.now() - start }),
      );
    });
  }

  /** Waits until it has printed this. */
  async printed(what: RegExp, withinMs = 120_000): Promise<RegExpExecArray> {
    const all = (): string => this.stdout + this.stderr;
    const look = (): RegExpExecArray | undefined => what.exec(all()) ?? undefined;
    return until(`${what} to be printed`, look, { withinMs, everyMs: 20, lastSeen: all });
  }
}

const main = compiled('src/cli/main.js');

export const command = (args: string[]): string[] => [process.execPath, main, ...args];

/** Starts any command; standard input is a pipe. */
export function startCommand(argv: string[], options: StartOptions = {}): Running {
  const [program = '', ...rest] = [...(options.prefix ?? []), ...argv];
  const child = spawn(program, rest, {
    env: { ...process.env, ...options.env },
    stdio: 'pipe',
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  return new Running(child);
}

export function start(args: string[], options: StartOptions = {}): Running {
  if (!existsSync(main)) throw new Error(`${main} is missing: npm run build`);
  return startCommand(command(args), options);
}

/** Runs drlab to its end, with nothing on standard input. */
export async function drlab(args: string[], options: StartOptions = {}): Promise<Ended> {
  const running = start(args, options);
  running.child.stdin?.end();
  return running.ended;
}

/** A folder that everyone may look into and that goes with the test. */
export class TestFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async create(): Promise<TestFolder> {
    const path = await realpath(await mkdtemp(join(tmpdir(), 'drlab-cli-test-')));
    await chmod(path, 0o755);
    return new TestFolder(path);
  }

  at(...names: string[]): string {
    return join(this.path, ...names);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
