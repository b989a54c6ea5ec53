import { posix } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { runToEnd } from '../agent/exec.ts';
import { AgentHost } from '../agent/host.ts';
import type { AgentProcess } from '../agent/process.ts';
import { Brought } from '../base/brought.ts';
import { hostFolder } from './image.ts';

/** A container as a host: like a namespace with an agent of its own, but its files are not ours to open. */
export class ContainerHost extends AgentHost {
  readonly #brought: Brought | undefined;

  /**
   * @param container its name in its Docker.
   * @param here whether the container sees the files of this machine; to others our programs are brought.
   */
  constructor(
    name: string,
    agent: Agent,
    readonly container: string,
    here: boolean,
  ) {
    super(name, agent, hostFolder, '');
    if (!here)
      this.#brought = new Brought(hostFolder, (script, input) => this.#run(['sh', '-c', script], input));
  }

  override async spawn(argv: string[]): Promise<AgentProcess> {
    return super.spawn((await this.#brought?.there(argv)) ?? argv);
  }

  override async put(path: string, content: string | Uint8Array): Promise<void> {
    const full = posix.resolve(this.folder, path);
    await this.#run(['sh', '-c', `mkdir -p "\${1%/*}/" && cat >"$1"`, 'sh', full], content);
  }

  override async get(path: string): Promise<Uint8Array> {
    return (await this.#run(['cat', posix.resolve(this.folder, path)])).stdout;
  }

  override async remove(paths: string[]): Promise<void> {
    await this.#run(['rm', '-f', '--', ...paths.map((path) => posix.resolve(this.folder, path))]);
  }

  /** Its files go with the container. */
  override async [Symbol.asyncDispose](): Promise<void> {}

  #run(argv: string[], input?: string | Uint8Array) {
    const options = input === undefined ? {} : { input };
    const named = { name: this.name, command: argv.join(' ') };
    return runToEnd(this.agent, { host: '', cwd: this.folder, argv }, named, options);
  }
}
