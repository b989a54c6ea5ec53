import type { SpawnedProcess } from '../../model/host.ts';
import { TimedOut } from '../../util/errors.ts';
import { timeoutMs } from '../../util/timeouts.ts';
import { ProbeFailed } from '../errors.ts';
import type { ArgsOf, Operation, Reply, ResultOf } from './protocol.ts';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The harness's end of the line to the program on a client. */
export class Link {
  readonly #client: string;
  readonly #process: SpawnedProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: Error | undefined;
  readonly #ready: Promise<unknown>;
  #isReady: () => void = () => undefined;

  constructor(client: string, process: SpawnedProcess) {
    this.#client = client;
    this.#process = process;
    this.#ready = new Promise<void>((resolve) => {
      this.#isReady = resolve;
    });
    void this.#read();
  }

  /** @throws {TimedOut} or {ProbeFailed} when the program does not come up */
  async ready(): Promise<void> {
    await this.#within('to be ready', timeoutMs.ready, (waiting) => {
      this.#waiting.set(0, waiting);
      void this.#ready.then(waiting.resolve);
    });
  }

  /**
   * @param boundMs longest time that the operation itself can take
   * @throws {ProbeFailed} when it failed there, or the program is gone; {TimedOut}.
   */
  async call<Op extends Operation>(op: Op, args: ArgsOf<Op>, boundMs: number): Promise<ResultOf<Op>> {
    const id = ++this.#lastId;
    const result = await this.#within(`to answer «${op}»`, boundMs + timeoutMs.exec, (waiting) => {
      this.#waiting.set(id, waiting);
      this.#process.write(`${JSON.stringify({ id, op, args })}\n`);
    });
    return result as ResultOf<Op>;
  }

  async #within(what: string, limitMs: number, begin: (waiting: Waiting) => void): Promise<unknown> {
    if (this.#ended) throw this.#ended;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<unknown>((resolve, reject) => {
        const late = () => reject(new TimedOut(`the prober on ${this.#client} ${what}`, limitMs));
        timer = setTimeout(late, limitMs);
        begin({ resolve, reject });
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async #read(): Promise<void> {
    let why = '';
    try {
      for await (const line of this.#process.lines()) this.#take(JSON.parse(line) as Reply);
    } catch (error) {
      why = `${error}`;
    }
    const last = this.#process.stderr().trim().split('\n').slice(-5).join('\n');
    this.#ended = new ProbeFailed(`the prober on ${this.#client} ended: ${last || why || 'no output'}`);
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }

  #take(reply: Reply): void {
    if ('ready' in reply) {
      this.#isReady();
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new ProbeFailed(`on ${this.#client}: ${reply.error}`));
    else waiting?.resolve(reply.result);
  }
}
