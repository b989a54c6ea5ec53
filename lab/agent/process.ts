import { StringDecoder } from 'node:string_decoder';
import type { SpawnedProcess } from '../../src/model/host.ts';
import type { Agent, AgentChild } from './agent.ts';

/** A program that goes on in a namespace. */
export class AgentProcess implements SpawnedProcess {
  readonly exited: Promise<number | null>;
  #child: AgentChild | undefined;
  #ended = false;
  #stderr = '';
  #partial = '';
  #lines: string[] = [];
  #wake = () => {};
  #resolveExit: (code: number | null) => void = () => {};

  private constructor() {
    this.exited = new Promise((resolve) => {
      this.#resolveExit = resolve;
    });
  }

  /** @param host the namespace; the empty string is the sandbox's own. */
  static async start(
    agent: Pick<Agent, 'start'>,
    host: string,
    cwd: string,
    argv: string[],
  ): Promise<AgentProcess> {
    const process = new AgentProcess();
    const [out, err] = [new StringDecoder('utf8'), new StringDecoder('utf8')];
    process.#child = await agent.start(
      { host, cwd, argv, wantsInput: true },
      {
        stdout: (data) => process.#read(out.write(data)),
        stderr: (data) => {
          process.#stderr += err.write(data);
        },
        exit: (code) => process.#end(code),
      },
    );
    return process;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  write(text: string): void {
    this.#child?.write(text);
  }

  async *lines(): AsyncGenerator<string> {
    for (;;) {
      while (this.#lines.length > 0) yield* this.#lines.splice(0);
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  stderr(): string {
    return this.#stderr;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal, 'process');
  }

  /** Signals the process and its descendants in the same process group. */
  killGroup(signal: NodeJS.Signals): void {
    this.#child?.kill(signal, 'group');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.killGroup('SIGKILL');
    await this.exited;
  }

  #end(code: number): void {
    this.#ended = true;
    if (this.#partial) this.#lines.push(this.#partial);
    this.#wake();
    this.#resolveExit(code < 0 ? null : code);
  }

  #read(text: string): void {
    const parts = (this.#partial + text).split('\n');
    this.#partial = parts.pop() ?? '';
    this.#lines.push(...parts);
    if (parts.length > 0) this.#wake();
  }
}
