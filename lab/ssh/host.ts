import { join } from 'node:path/posix';
import type { ExecOptions, ExecResult, Host } from '../../src/model/host.ts';
import { UsageError } from '../../src/util/errors.ts';
import { quote, quoteAll } from '../../src/util/quote.ts';
import { AgentProcess } from '../agent/process.ts';
import { Brought } from '../base/brought.ts';
import type { Machine } from './machine.ts';

/** Longest single argument that Linux executes is 128 KiB. */
const longestArgumentBytes = 100_000;

/**
 * A machine as a host. It has a folder of the lab's own there, which is where relative paths lie and where scripts
 * and programs run; nothing is written outside of it. Programs of drlab are brought along.
 */
export class SshHost implements Host {
  readonly name: string;
  #scripts = 0;
  readonly #brought: Brought;

  constructor(
    readonly machine: Machine,
    readonly folder: string,
  ) {
    this.name = machine.name;
    this.#brought = new Brought(folder, (script, input) =>
      machine.run(['/bin/sh', '-c', script], 'tar -xzf -', { input }),
    );
  }

  async exec(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    const cwd = this.folder;
    if (Buffer.byteLength(script) < longestArgumentBytes)
      return this.machine.exec(script, { ...options, cwd });
    const path = `script-${++this.#scripts}`;
    await this.put(path, script);
    const result = await this.machine.run(['/bin/sh', path], script, options, cwd);
    return { ...result, stdout: result.stdout.toString() };
  }

  async run(argv: string[], options: ExecOptions = {}): Promise<ExecResult> {
    const result = await this.machine.run(argv, quoteAll(argv), options, this.folder);
    return { ...result, stdout: result.stdout.toString() };
  }

  async spawn(argv: string[]): Promise<AgentProcess> {
    return AgentProcess.start(this.machine.agent, '', this.folder, await this.#brought.there(argv));
  }

  /** @throws {UsageError} outside of the lab's folder, where nothing would undo it. */
  async put(path: string, content: string | Uint8Array): Promise<void> {
    const full = join(this.folder, path);
    if (path.startsWith('/') || !full.startsWith(`${this.folder}/`)) {
      throw new UsageError(`${path} is outside the lab's folder on ${this.name}`);
    }
    const script = `mkdir -p ${quote(join(full, '..'))} && cat >${quote(full)}`;
    await this.machine.run(['/bin/sh', '-c', script], `put ${path}`, { input: content });
  }

  async get(path: string): Promise<Uint8Array> {
    const full = path.startsWith('/') ? path : join(this.folder, path);
    return (await this.machine.run(['cat', '--', full], `get ${path}`)).stdout;
  }

  /** The folder goes with the lab's ledger. */
  async [Symbol.asyncDispose](): Promise<void> {}
}
