import { messageOf } from '../../util/errors.ts';
import { churn } from './churn.ts';
import { datagrams } from './datagrams.ts';
import { download } from './download.ts';
import { Holding } from './holding.ts';
import { Load } from './load.ts';
import type { Call, Operations, Reply } from './protocol.ts';
import { requests } from './requests.ts';
import { saturate } from './saturate.ts';
import { warmedUp } from './warm-up.ts';

/** Answers calls until `lines` ends; calls run at the same time. */
export async function serve(lines: AsyncIterable<string>, write: (line: string) => void): Promise<void> {
  const operations = newOperations();
  const reply = (value: Reply) => write(`${JSON.stringify(value)}\n`);
  const answer = async ({ id, op, args }: Call) => {
    try {
      const operation = operations[op] as (args: unknown) => Promise<unknown>;
      reply({ id, result: await operation(args) });
    } catch (error) {
      reply({ id, error: messageOf(error) });
    }
  };
  reply({ ready: true });
  for await (const line of lines) void answer(JSON.parse(line) as Call);
}

function newOperations(): Operations {
  const holdings = new Map<number, Holding>();
  const loads = new Map<number, Load>();
  let lastHandle = 0;
  return {
    requests: ({ target, o }) => requests(target, o),
    datagrams: ({ target, o }) => datagrams(target, o),
    async hold({ target, o }) {
      const handle = ++lastHandle;
      const holding = new Holding();
      holdings.set(handle, holding);
      return { handle, answers: await holding.open(target, o) };
    },
    ask: ({ handle, timeoutMs }) => known(holdings, handle).ask(timeoutMs),
    async drop({ handle, indices }) {
      known(holdings, handle).drop(indices);
      return null;
    },
    async release({ handle }) {
      known(holdings, handle).close();
      holdings.delete(handle);
      return null;
    },
    async startLoad({ streams, o }) {
      const handle = ++lastHandle;
      const load = await Load.start(o.warmUp === false ? streams : await warmedUp(streams));
      loads.set(handle, load);
      return { handle, t0Ns: `${load.t0Ns}` };
    },
    async stopLoad({ handle }) {
      const load = known(loads, handle);
      loads.delete(handle);
      return load.stop();
    },
    saturate: ({ target, o }) => saturate(target, o),
    churn: ({ target, o }) => churn(target, o),
    download: ({ target, o }) => download(target, o),
  };
}

function known<T>(things: Map<number, T>, handle: number): T {
  const thing = things.get(handle);
  if (!thing) throw new Error(`nothing under handle ${handle}: released or stopped already`);
  return thing;
}
