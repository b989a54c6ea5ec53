import { timeoutMs } from '../../util/timeouts.ts';
import { ProbeFailed } from '../errors.ts';
import type { LoadGenerator } from './types.ts';

/** Closed loop with keep-alive, written in C: what autocannon is held against in the benchmark. One thread. */
export const wrk = (o: { connections: number }): LoadGenerator => ({
  name: 'wrk',
  async generate({ lab, client, target, durationMs }) {
    const argv = `-t1 -c${o.connections} -d${Math.max(1, Math.round(durationMs / 1000))}s`;
    const { stdout } = await lab
      .host(client)
      .exec(`wrk -v 2>&1 | head -1; wrk ${argv} http://${target.ip}:${target.port}/`, {
        timeoutMs: durationMs + timeoutMs.exec,
      });
    const { version, requests, requestsPerS, errors } = parseWrk(stdout);
    return {
      generator: version,
      arguments: argv,
      figures: [
        { name: 'requests', value: requestsPerS, unit: 'requests/s', samples: requests, better: 'higher' },
      ],
      errors,
    };
  },
});

/** @throws {ProbeFailed} with its words where it gives no figure */
export function parseWrk(text: string): {
  version: string;
  requests: number;
  requestsPerS: number;
  errors: number;
} {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const requestsPerS = number(/^Requests\/sec:\s*([\d.]+)/m);
  if (Number.isNaN(requestsPerS)) throw new ProbeFailed(`wrk: ${text.trim() || 'no result'}`);
  const socketErrors = [...(/^\s*Socket errors:(.*)$/m.exec(text)?.[1] ?? '').matchAll(/\d+/g)].map(Number);
  const bad = number(/^\s*Non-2xx or 3xx responses:\s*(\d+)/m) || 0;
  return {
    version: /^wrk \S+/m.exec(text)?.[0] ?? 'wrk',
    requests: number(/^\s*(\d+) requests in/m) || 0,
    requestsPerS,
    errors: bad + socketErrors.reduce((sum, one) => sum + one, 0),
  };
}
