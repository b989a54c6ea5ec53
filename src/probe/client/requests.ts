import { nowNs, usSince } from './clock.ts';
import { Connection, type From, type Outcome } from './connection.ts';
import type { Answer, RequestsOptions, Target } from './types.ts';

export const defaultTimeoutMs = 2_000;
/** How long the server may take to close after its answer before the client closes. */
const serverClosesWithinMs = 200;

/** `count` fresh connections, one request each; results in the order of starting. */
export async function requests(target: Target, o: RequestsOptions): Promise<Answer[]> {
  const answers = new Array<Answer>(o.count);
  let next = 0;
  const worker = async () => {
    while (next < o.count) {
      const i = next++;
      answers[i] = await requestOnce(target, o, { localAddress: o.localAddress, ...fromOf(o, i) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(o.count, o.parallel ?? 1) }, worker));
  return answers;
}

/** Where connection i comes from, as far as that was asked for. */
export function fromOf({ from = [], fromPort }: Pick<RequestsOptions, 'from' | 'fromPort'>, i: number): From {
  return {
    ...(from.length > 0 && { localAddress: from[i % from.length] }),
    ...(fromPort !== undefined && { localPort: fromPort + i }),
  };
}

/** A connection with one request, until both sides have closed it. */
export async function requestOnce(
  target: Target,
  o: Pick<RequestsOptions, 'path' | 'timeoutMs'>,
  from: From,
): Promise<Answer> {
  const startNs = nowNs();
  const connection = new Connection(target, from);
  const answer = await askWithin(connection, o.path ?? '/', o.timeoutMs ?? defaultTimeoutMs, startNs, true);
  const impatient = setTimeout(() => connection.end(), serverClosesWithinMs);
  const deaf = setTimeout(() => connection.abort('closed'), 2 * serverClosesWithinMs);
  await connection.closed;
  clearTimeout(impatient);
  clearTimeout(deaf);
  return answer;
}

/** One request with a deadline. When it passes, the connection is given up if it was only for this request. */
export async function askWithin(
  connection: Connection,
  path: string,
  timeoutMs: number,
  startNs: bigint,
  last: boolean,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const outcome = await new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => {
      resolve({ ok: false, bytes: 0, error: 'timeout' });
      if (last) connection.abort('timeout');
    }, timeoutMs);
    connection.ask(path, resolve, last);
  });
  clearTimeout(timer);
  return { ...outcome, localPort: connection.localPort, latencyUs: usSince(startNs) };
}
