import { type ChildProcess, spawn } from 'node:child_process';
import { LabUnavailable } from '../../src/util/errors.ts';
import { asset } from '../servers/paths.ts';
import { encodeFrame, FrameReader } from './frames.ts';

/** What happens to a process that the agent started. */
export interface ChildEvents {
  stdout(data: Buffer): void;
  stderr(data: Buffer): void;
  /** Exit code, or the negative number of the signal that ended it. */
  exit(code: number): void;
}

export interface AgentChild {
  readonly pid: number;
  write(data: Uint8Array | string): void;
  closeInput(): void;
  /** @param whom the process alone, or its whole process group. */
  kill(signal: string, whom: 'process' | 'group'): void;
}

export interface StartOptions {
  /** Namespace; the empty string is the sandbox's own. */
  host: string;
  /** Working directory, absolute. */
  cwd: string;
  argv: string[];
  /** Without it standard input is empty. */
  wantsInput: boolean;
}

interface Waiting {
  resolve(text: string): void;
  reject(error: Error): void;
}

/**
 * The lab's one helper process (agent.pl): makes namespaces, writes sysctls and starts processes in namespaces.
 * When its standard input ends, for whatever reason, it kills all it started and removes the namespaces.
 */
export class Agent {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #children = new Map<number, ChildEvents>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  #stderr = '';
  #dead = false;

  constructor() {
    this.#process = spawn('perl', [asset('lab/netns/agent.pl')], { stdio: ['pipe', 'pipe', 'pipe'] });
    const reader = new FrameReader();
    this.#process.stdin?.on('error', () => {});
    this.#process.stdout?.on('data', (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) this.#take(frame.type, frame.id, frame.payload);
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-4000);
    });
    this.#exited = new Promise((resolve) => {
      const end = (why: string) => {
        this.#fail(why);
        resolve();
      };
      this.#process.on('error', (error) => end(error.message));
      this.#process.on('close', (code) => end(`ended with ${code}: ${this.#stderr.trim()}`));
    });
  }

  /** Makes the namespaces, in this order, with IPv6 off. */
  async makeNamespaces(names: string[]): Promise<void> {
    await this.#request('n', names);
  }

  /** @param writes paths are relative to /proc/sys. @returns what could not be written, one line each. */
  async writeSysctls(writes: { host: string; path: string; value: string }[]): Promise<string> {
    if (writes.length === 0) return '';
    return this.#request(
      'w',
      writes.flatMap((write) => [write.host, write.path, write.value]),
    );
  }

  /** Runs `ip -batch` or `tc -batch` per entry, two at a time. @returns the failures, one per host. */
  async runBatches(dir: string, batches: { host: string; program: string; text: string }[]): Promise<string> {
    const wanted = batches.filter((batch) => batch.text !== '');
    if (wanted.length === 0) return '';
    return this.#request('b', [dir, ...wanted.flatMap((batch) => [batch.host, batch.program, batch.text])]);
  }

  /** Resolves when the process has been forked; a program that cannot be executed exits with 126 or 127. */
  async start(options: StartOptions, events: ChildEvents): Promise<AgentChild> {
    const id = ++this.#lastId;
    this.#children.set(id, events);
    const words = [options.host, options.cwd, options.wantsInput ? '1' : '', ...options.argv];
    const pid = Number(await this.#request('s', words, id));
    return {
      pid,
      write: (data) => this.#send('i', id, data),
      closeInput: () => this.#send('c', id, ''),
      kill: (signal, whom) => this.#send('k', id, [signal.replace(/^SIG/, ''), whom]),
    };
  }

  /** Kills everything in the lab's namespaces and removes them. */
  async down(): Promise<void> {
    if (!this.#dead) await this.#request('d', '').catch(() => this.#process.stdin?.end());
    await this.#exited;
  }

  #request(type: string, payload: string | string[], id = ++this.#lastId): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#dead) return reject(this.#gone('it is gone'));
      this.#waiting.set(id, { resolve, reject });
      this.#send(type, id, payload);
    });
  }

  #send(type: string, id: number, payload: Uint8Array | string | string[]): void {
    if (!this.#dead) this.#process.stdin?.write(encodeFrame(type, id, payload));
  }

  #take(type: string, id: number, payload: Buffer): void {
    const child = this.#children.get(id);
    if (type === 'o') child?.stdout(payload);
    else if (type === 'e') child?.stderr(payload);
    else if (type === 'x') {
      this.#children.delete(id);
      child?.exit(Number(payload.toString()));
    } else {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (type === 'f') {
        this.#children.delete(id);
        waiting?.reject(this.#gone(payload.toString().trim()));
      } else waiting?.resolve(payload.toString());
    }
  }

  #fail(why: string): void {
    this.#dead = true;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#gone(why));
    for (const child of this.#children.values()) child.exit(-9);
    this.#waiting.clear();
    this.#children.clear();
  }

  #gone(why: string): LabUnavailable {
    return new LabUnavailable(`network namespaces: ${why}`, {
      hint: 'labs are built inside a sandbox: root, with a private /run/netns; run `drlab doctor`',
    });
  }
}
