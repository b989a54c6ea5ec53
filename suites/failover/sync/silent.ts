import type { Lab } from '../../../src/model/lab.ts';
import { startProgram } from '../../../src/programs/index.ts';

/** Node's sockets of the prober always ask at once. */
export interface Silent extends AsyncDisposable {
  /** Local ports of the connections that came about. */
  ports: number[];
  /** Breaks the silence; `answered`, `reset`, `closed`, `timeout` or `error` for each. */
  speak(): Promise<string[]>;
}

/** @throws Error when the program on the client ends before it has said what it has. */
export async function silentConnections(
  lab: Lab,
  client: string,
  target: { ip: string; port: number },
  count: number,
): Promise<Silent> {
  const process = await startProgram(lab.host(client), 'silent', [target.ip, target.port, count]);
  const lines = process.lines()[Symbol.asyncIterator]();
  const next = async (word: string): Promise<string[]> => {
    const { value, done } = await lines.next();
    const [first, ...rest] = done ? [] : value.trim().split(' ');
    if (first !== word) throw new Error(`the silent client on ${client} ended: ${process.stderr()}`);
    return rest;
  };
  return {
    ports: (await next('ports')).map(Number),
    speak: () => {
      process.write('\n');
      return next('said');
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}
