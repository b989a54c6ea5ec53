import { setTimeout as sleep } from 'node:timers/promises';
import { proberOn } from '../client/prober.ts';
import type { StreamPlan } from '../client/types.ts';
import type { LoadGenerator } from './types.ts';

const version = `prober, node ${process.version}`;

/** Open loop: for latency. */
export const openLoop = (plan: Omit<StreamPlan, 'target'>, o: { warmUp?: boolean } = {}): LoadGenerator => ({
  name: 'prober',
  async generate({ lab, client, target, durationMs }) {
    const prober = await proberOn(lab, client);
    const load = await prober.openLoop([{ ...plan, target }], o);
    await sleep(durationMs);
    const { streams, health } = await load.stop();
    const [stream] = streams;
    const good = stream?.histogram.count ?? 0;
    return {
      generator: version,
      arguments: JSON.stringify({ ...plan, rateHz: stream?.rateHz ?? plan.rateHz }),
      figures: [
        {
          name: 'good answers',
          value: (good * 1000) / durationMs,
          unit: '1/s',
          samples: good,
          better: 'higher',
        },
      ],
      ...(stream && { histogram: stream.histogram }),
      errors: Object.values(stream?.errors ?? {}).reduce((sum, one) => sum + one, 0),
      ownCpu: health.ownCpu,
      health,
    };
  },
});

/** Closed loop, a connection for each request: for new connections a second. */
export const newConnections = (o: { parallel: number; from?: string[] }): LoadGenerator => ({
  name: 'prober',
  async generate({ lab, client, target, durationMs }) {
    const prober = await proberOn(lab, client);
    const { connectionsPerS, connections, errors, generatorCpu } = await prober.churn(target, {
      ...o,
      durationMs,
    });
    return {
      generator: version,
      arguments: JSON.stringify(o),
      figures: [
        {
          name: 'new connections',
          value: connectionsPerS,
          unit: 'connections/s',
          samples: connections,
          better: 'higher',
        },
      ],
      errors,
      ownCpu: generatorCpu,
    };
  },
});
