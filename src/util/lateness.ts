import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * How late timers are in here. On a machine that is busy with other things a whole sandbox is late, and with it every
 * daemon of the lab. A thread of its own looks, so that what a check computes meanwhile does not count; all who ask at
 * the same time share it.
 */
export class Lateness {
  static #thread: Worker | undefined;
  static #users = 0;

  private constructor(
    private readonly thread: Worker,
    /** The worst, and whether that is still of interest. */
    private readonly seen: Float64Array,
  ) {}

  static async start(): Promise<Lateness> {
    Lateness.#users += 1;
    Lateness.#thread ??= new Worker(look, { eval: true, workerData: { everyMs } });
    const thread = Lateness.#thread;
    thread.unref();
    const shared = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
    const looking = once(thread, 'message');
    thread.postMessage(shared);
    await looking;
    return new Lateness(thread, new Float64Array(shared));
  }

  /** @returns the worst so far, in milliseconds, to a tenth. */
  async stop(): Promise<number> {
    const worstMs = Math.round(10 * (this.seen[0] ?? 0)) / 10;
    this.seen[1] = 1;
    Lateness.#users -= 1;
    if (Lateness.#users === 0) {
      Lateness.#thread = undefined;
      await this.thread.terminate();
    }
    return worstMs;
  }
}

const everyMs = 20;

/** Seen on quiet machines: up to 90 ms, where many programs are started at once. */
export const quietMs = 150;

const look = `
const { parentPort, workerData } = require('node:worker_threads');
let asked = [];
parentPort.on('message', (shared) => {
  asked.push(new Float64Array(shared));
  parentPort.postMessage('looking');
});
let dueMs = performance.now() + workerData.everyMs;
setInterval(() => {
  const nowMs = performance.now();
  asked = asked.filter(([, over]) => !over);
  for (const seen of asked) seen[0] = Math.max(seen[0], nowMs - dueMs);
  dueMs = nowMs + workerData.everyMs;
}, workerData.everyMs);
`;
