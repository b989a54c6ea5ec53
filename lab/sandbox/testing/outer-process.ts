import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { asset } from '../assets.ts';
import type { SandboxExit, SandboxJob } from '../types.ts';

/** As whom the outer process runs: a prefix to its command, and the owner of its folder. */
export interface Who {
  name: string;
  prefix: string[];
  uid: number;
  gid: number;
}

const builtOuter = join(dirname(asset('')), '..', 'dist', 'lab', 'sandbox', 'testing', 'outer.js');

export class Outer implements AsyncDisposable {
  readonly #who: Who;
  /** Marks everything of this outer process: folder names inside and outside contain it. */
  readonly dir: string;
  #count = 0;

  private constructor(who: Who, dir: string) {
    this.#who = who;
    this.dir = dir;
  }

  static async create(who: Who): Promise<Outer> {
    if (!existsSync(builtOuter)) throw new Error(`${builtOuter} is missing: run \`npm run build\` first`);
    const dir = await mkdtemp(join(tmpdir(), 'drlab-sandbox-test-'));
    await chmod(dir, 0o755);
    await chown(dir, who.uid, who.gid);
    return new Outer(who, dir);
  }

  /** A job that runs a shell script inside. */
  job(script: string, changes: Partial<SandboxJob> = {}): SandboxJob {
    this.#count += 1;
    return {
      argv: ['/bin/sh', '-c', script],
      env: {},
      cwd: this.dir,
      writableDirs: [this.dir],
      consolePath: join(this.dir, `console-${this.#count}.txt`),
      interactive: false,
      memoryMiB: 256,
      ...changes,
    };
  }

  /** The outer process itself, not a wrapper: what is killed is what holds the sandbox. */
  spawn(kind: string, job: SandboxJob, wrapper: (argv: string[]) => string[] = (argv) => argv): ChildProcess {
    const [program = '', ...args] = wrapper([
      ...this.#who.prefix,
      ...[process.execPath, builtOuter, kind, JSON.stringify(job)],
    ]);
    const env = { ...process.env, HOME: this.dir, TMPDIR: this.dir };
    return spawn(program, args, { env, cwd: this.dir, stdio: ['pipe', 'pipe', 'inherit'] });
  }

  /** Runs a script inside to its end. */
  async run(
    kind: string,
    script: string,
    changes: Partial<SandboxJob> = {},
  ): Promise<SandboxExit & { console: string }> {
    const job = this.job(script, changes);
    const child = this.spawn(kind, job);
    child.stdin?.end();
    const said = await textOf(child);
    const exit = JSON.parse(said.trim().split('\n').at(-1) ?? '') as SandboxExit;
    return { ...exit, console: readFileSync(job.consolePath, 'utf8') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Everything it prints until it is gone. */
export async function textOf(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) text += String(chunk);
  return text;
}
