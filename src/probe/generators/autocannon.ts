import { proberOn } from '../client/prober.ts';
import type { LoadGenerator } from './types.ts';

/** Closed loop with keep-alive: for peak requests a second, and nothing else; so there is no histogram. */
export const autocannon = (o: { connections: number; path?: string }): LoadGenerator => ({
  name: 'autocannon',
  async generate({ lab, client, target, durationMs }) {
    const prober = await proberOn(lab, client);
    const done = await prober.saturate(target, { ...o, durationMs });
    return {
      generator: done.generator,
      arguments: `--connections ${o.connections} --duration ${durationMs / 1000}${o.path ? ` ${o.path}` : ''}`,
      figures: [
        {
          name: 'requests',
          value: done.requestsPerS,
          unit: 'requests/s',
          samples: done.requests,
          better: 'higher',
        },
      ],
      errors: done.errors,
      ownCpu: done.generatorCpu,
    };
  },
});
