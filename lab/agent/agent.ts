import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { programPath } from '../../src/programs/index.ts';
import { exitCode, LabUnavailable } from '../../src/util/errors.ts';
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

/** The way to an agent, wherever it runs. */
export interface AgentLine {
  input: Writable;
  output: Readable;
  errors: Readable;
  /** Resolves when the agent is gone: what ended it. */
  ended: Promise<string>;
  /** The error of what is asked of an agent that is gone. */
  problem(why: string): Error;
}

/** Without perl or namespaces there is no lab here; that the agent ends otherwise is a bug of ours. */
function agentHere(): AgentLine {
  const child = spawn('perl', [programPath('agent')], { stdio: 'pipe' });
  let problem = (why: string): Error => new Error(`the agent of the lab ${why}`);
  const ended = new Promise<string>((resolve) => {
    child.on('error', ({ message }) => {
      problem = () => new LabUnavailable(`perl cannot be started: ${message}`, { hint: doctor });
      resolve(message);
    });
    child.on('close', (code) => {
      if (code === exitCode.unavailable) problem = notGranted;
      resolve(`ended with ${code}`);
    });
  });
  const { stdin: input, stdout: output, stderr: errors } = child;
  return { input, output, errors, ended, problem: (why) => problem(why) };
}

const doctor = 'drlab doctor says what is missing, and the command that installs it';

/** What the kernel does not grant the agent. */
const notGranted = (what: string): LabUnavailable =>
  new LabUnavailable(`network namespaces are unavailable here: ${what}`, {
    hint: 'labs are built inside a sandbox: root, with a private /run/netns; run `drlab doctor`',
  });

interface Waiting {
  resolve(text: string): void;
  reject(error: Error): void;
}

/**
 * The lab's one helper process (agent.pl): makes namespaces, writes sysctls and starts processes in namespaces.
 * When its standard input ends, for whatever reason, it kills all it started and removes the namespaces.
 */
export class Agent {
  readonly #line: AgentLine;
  readonly #waiting = new Map<number, Waiting>();
  readonly #children = new Map<number, ChildEvents>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  #stderr = '';
  #dead: string | undefined;

  constructor(line: AgentLine = agentHere()) {
    this.#line = line;
    const reader = new FrameReader();
    line.input.on('error', () => {});
    line.output.on('data', (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) this.#take(frame.type, frame.id, frame.payload);
    });
    line.errors.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-4000);
    });
    this.#exited = line.ended.then((why) =>
      this.#fail([why, this.#stderr.trim()].filter(Boolean).join(': ')),
    );
  }

  /** Makes the namespaces, in this order, with IPv6 off. */
  async makeNamespaces(names: string[]): Promise<void> {
    await this.#inParts('n', [], names, 100, (name) => [name]);
  }

  /** @param writes paths are relative to /proc/sys. @returns what could not be written, one line each. */
  async writeSysctls(writes: { host: string; path: string; value: string }[]): Promise<string> {
    return this.#inParts('w', [], writes, 500, (write) => [write.host, write.path, write.value]);
  }

  /** Runs `ip -batch` or `tc -batch` per entry, two at a time. @returns the failures, one per host. */
  async runBatches(dir: string, batches: { host: string; program: string; text: string }[]): Promise<string> {
    const wanted = batches.filter((batch) => batch.text !== '');
    return this.#inParts('b', [dir], wanted, 100, (batch) => [batch.host, batch.program, batch.text]);
  }

  /**
   * Reads a text file as a process of that namespace would: those of `/proc/net`. Starts none, unlike `cat`.
   * @returns the text, or why it cannot be read
   */
  async read(host: string, path: string): Promise<{ text: string } | { problem: string }> {
    const answer = await this.#request('g', [host, path]);
    return answer.startsWith('+') ? { text: answer.slice(1) } : { problem: answer.slice(1) };
  }

  /**
   * From now on all that starts on the host has the mounts and the host name of this process, which may end.
   * @returns paths of the namespaces, for nsenter(1).
   */
  async hold(host: string, pid: number): Promise<{ uts: string; mounts: string }> {
    const [uts = '', mounts = ''] = (await this.#request('m', [host, String(pid)])).split(' ');
    return { uts, mounts };
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

  /** A sign of life, for an agent that ends when it hears nothing for too long. */
  beat(): void {
    this.#send('k', 0, ['0', 'process']);
  }

  /** Kills everything in the lab's namespaces and removes them. */
  async down(): Promise<void> {
    if (this.#dead === undefined) await this.#request('d', '').catch(() => this.#line.input.end());
    await this.#exited;
  }

  /** What the agent holds at a time must not grow with the lab: a fork copies its page tables. */
  async #inParts<T>(
    type: string,
    head: string[],
    items: T[],
    atATime: number,
    words: (item: T) => string[],
  ): Promise<string> {
    let failures = '';
    for (let from = 0; from < items.length; from += atATime) {
      const part = items.slice(from, from + atATime).flatMap(words);
      failures += await this.#request(type, [...head, ...part]);
    }
    return failures;
  }

  #request(type: string, payload: string | string[], id = ++this.#lastId): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#dead !== undefined) return reject(this.#gone(this.#dead));
      this.#waiting.set(id, { resolve, reject });
      this.#send(type, id, payload);
    });
  }

  #send(type: string, id: number, payload: Uint8Array | string | string[]): void {
    if (this.#dead === undefined) this.#line.input.write(encodeFrame(type, id, payload));
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
        waiting?.reject(new Error(`the agent of the lab: ${payload.toString().trim()}`));
      } else if (type === 'l') {
        this.#children.delete(id);
        waiting?.reject(notGranted(payload.toString()));
      } else waiting?.resolve(payload.toString());
    }
  }

  /** Wherever it ran: a program of ours that stopped at one of its own lines is no lack of the place. */
  #gone(why: string): Error {
    const bug = /^.* at \S+ line \d+\.$/m.exec(this.#stderr);
    return bug ? new Error(`the agent of the lab stopped: ${bug[0]}`) : this.#line.problem(why);
  }

  #fail(why: string): void {
    this.#dead = why;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#gone(why));
    for (const child of this.#children.values()) child.exit(-9);
    this.#waiting.clear();
    this.#children.clear();
  }
}
