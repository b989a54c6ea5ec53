import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * How late timers are in here. On a machine that is busy with other things a whole sandbox is late, and with it every
 * daemon of the lab. A thread of its own looks, so that what a check computes meanwhile does not count.
 */
export class Lateness {
  private constructor(
    private readonly worker: Worker,
    private readonly worstMs: Float64Array,
  ) {}

  static async start(): Promise<Lateness> {
    const shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
    const worker = new Worker(look, { eval: true, workerData: { shared, everyMs } });
    worker.unref();
    await once(worker, 'message');
    return new Lateness(worker, new Float64Array(shared));
  }

  /** @returns the worst so far, in milliseconds. */
  async stop(): Promise<number> {
    await this.worker.terminate();
    return Math.round(this.worstMs[0] ?? 0);
  }
}

const everyMs = 20;

const look = `
const { parentPort, workerData } = require('node:worker_threads');
const worst = new Float64Array(workerData.shared);
let dueMs = performance.now() + workerData.everyMs;
setInterval(() => {
  const nowMs = performance.now();
  worst[0] = Math.max(worst[0], nowMs - dueMs);
  dueMs = nowMs + workerData.everyMs;
}, workerData.everyMs);
parentPort.postMessage('looking');
`;
