import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ExecOptions, ExecResult, Host } from '../../src/model/host.ts';
import { CommandFailed, TimedOut } from '../../src/util/errors.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import type { Agent } from './agent.ts';
import { NetnsProcess } from './process.ts';

/** Longest single argument that Linux executes is 128 KiB; longer scripts go through a file. */
const longestArgumentBytes = 100_000;

/**
 * A namespace as a host. All share one file system, so relative paths mean a folder of the host's own,
 * which is also where its scripts and programs run.
 */
export class NetnsHost implements Host {
  #scripts = 0;

  /** @param namespace where it differs from the name; the empty string is the sandbox's own. */
  constructor(
    readonly name: string,
    readonly agent: Agent,
    readonly folder: string,
    private readonly namespace: string = name,
  ) {}

  async exec(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    const limitMs = options.timeoutMs ?? timeoutMs.exec;
    const argv = await this.#shell(script);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let exit: (code: number) => void = () => {};
    const exited = new Promise<number>((end) => {
      exit = end;
    });
    const child = await this.agent.start(
      { host: this.namespace, cwd: this.folder, argv, wantsInput: options.input !== undefined },
      { stdout: (data) => out.push(data), stderr: (data) => err.push(data), exit },
    );
    if (options.input !== undefined) {
      if (options.input !== '') child.write(options.input);
      child.closeInput();
    }
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('KILL', 'group');
    }, limitMs);
    const code = await exited;
    clearTimeout(timer);
    const result = { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
    if (late)
      throw new TimedOut(`«${script.trim().slice(0, 120)}» on ${this.name}`, limitMs, lastLine(result));
    if (!(options.okCodes ?? [0]).includes(code)) {
      throw new CommandFailed(this.name, script, code < 0 ? null : code, result.stderr || result.stdout);
    }
    return result;
  }

  spawn(argv: string[]): Promise<NetnsProcess> {
    return NetnsProcess.start(this.agent, this.namespace, this.folder, argv);
  }

  async put(path: string, content: string | Uint8Array): Promise<void> {
    const full = resolve(this.folder, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, content);
  }

  async get(path: string): Promise<Uint8Array> {
    return readFile(resolve(this.folder, path));
  }

  /** The namespace goes with the lab; only the host's own folder is given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async #shell(script: string): Promise<string[]> {
    if (Buffer.byteLength(script) < longestArgumentBytes) return ['/bin/sh', '-c', script];
    const path = join(this.folder, `script-${++this.#scripts}`);
    await writeFile(path, script);
    return ['/bin/sh', path];
  }
}

const lastLine = (result: ExecResult): string =>
  (result.stderr || result.stdout).trim().split('\n').at(-1) ?? '';
