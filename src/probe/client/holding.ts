import { nowNs } from './clock.ts';
import { Connection } from './connection.ts';
import { askWithin, defaultTimeoutMs, fromOf } from './requests.ts';
import type { Answer, HoldOptions, Target } from './types.ts';

/** Connections that are kept open, in the order of opening. */
export class Holding {
  readonly #connections: Connection[] = [];

  /** Opens one after the other, each with a first request, so that the order of schedulers can be read. */
  async open(target: Target, o: HoldOptions): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let i = 0; i < o.count; i += 1) {
      const startNs = nowNs();
      const connection = new Connection(target, fromOf(o, i));
      this.#connections.push(connection);
      answers.push(await askWithin(connection, '/', o.timeoutMs ?? defaultTimeoutMs, startNs, false));
    }
    return answers;
  }

  ask(timeoutMs = defaultTimeoutMs): Promise<Answer[]> {
    return Promise.all(this.#connections.map((each) => askWithin(each, '/', timeoutMs, nowNs(), false)));
  }

  drop(indices: number[]): void {
    for (const i of indices) this.#connections[i]?.end();
  }

  close(): void {
    for (const connection of this.#connections) connection.end();
    // A peer that is cut off never answers the FIN; a second is enough for one that is there.
    setTimeout(() => {
      for (const connection of this.#connections) connection.abort('closed');
    }, 1_000).unref();
  }
}
