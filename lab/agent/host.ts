import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ExecOptions, ExecResult, Host } from '../../src/model/host.ts';
import { CommandFailed } from '../../src/util/errors.ts';
import { quoteAll } from '../../src/util/quote.ts';
import type { Agent } from './agent.ts';
import { runToEnd } from './exec.ts';
import { AgentProcess } from './process.ts';

/** `exec PROGRAM WORD…` without anything for a shell to do, which then need not be started. */
const plainCommand = /^exec [\w./-]+( [\w.,:/@%+-]+)*$/;

/** Longest single argument that Linux executes is 128 KiB; longer scripts go through a file. */
const longestArgumentBytes = 100_000;

/**
 * A namespace as a host. All share one file system, so relative paths mean a folder of the host's own,
 * which is also where its scripts and programs run.
 */
export class AgentHost implements Host {
  #scripts = 0;

  /** @param namespace where it differs from the name; the empty string is the sandbox's own. */
  constructor(
    readonly name: string,
    readonly agent: Agent,
    readonly folder: string,
    private readonly namespace: string = name,
  ) {}

  async exec(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    return this.#toEnd(await this.#shell(script), script, options);
  }

  run(argv: string[], options: ExecOptions = {}): Promise<ExecResult> {
    return this.#toEnd(argv, quoteAll(argv), options);
  }

  spawn(argv: string[]): Promise<AgentProcess> {
    return AgentProcess.start(this.agent, this.namespace, this.folder, argv);
  }

  async put(path: string, content: string | Uint8Array): Promise<void> {
    const full = resolve(this.folder, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, content);
  }

  async get(path: string): Promise<Uint8Array> {
    const full = resolve(this.folder, path);
    if (!full.startsWith('/proc/net/')) return readFile(full);
    const found = await this.agent.read(this.namespace, full);
    if ('text' in found) return Buffer.from(found.text);
    throw new CommandFailed(this.name, `read ${full}`, 1, found.problem);
  }

  async remove(paths: string[]): Promise<void> {
    await Promise.all(paths.map((path) => rm(resolve(this.folder, path), { force: true })));
  }

  /** The namespace goes with the lab; only the host's own folder is given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async #toEnd(argv: string[], command: string, options: ExecOptions): Promise<ExecResult> {
    const start = { host: this.namespace, cwd: this.folder, argv };
    const result = await runToEnd(this.agent, start, { name: this.name, command }, options);
    return { ...result, stdout: result.stdout.toString() };
  }

  async #shell(script: string): Promise<string[]> {
    if (plainCommand.test(script)) return script.split(' ').slice(1);
    if (Buffer.byteLength(script) < longestArgumentBytes) return ['/bin/sh', '-c', script];
    const path = join(this.folder, `script-${++this.#scripts}`);
    await this.put(path, script);
    return ['/bin/sh', path];
  }
}
