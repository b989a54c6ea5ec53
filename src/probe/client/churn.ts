import { msSince, nowNs } from './clock.ts';
import { requestOnce } from './requests.ts';
import type { Churn, ChurnOptions, Target } from './types.ts';

/** New connections one after the other on each of `parallel` clients, each closed before the next is opened. */
export async function churn(target: Target, o: ChurnOptions): Promise<Churn> {
  const startNs = nowNs();
  const cpuBefore = process.cpuUsage();
  const { from = [] } = o;
  let [opened, good] = [0, 0];
  const client = async () => {
    while (msSince(startNs) < o.durationMs) {
      const localAddress = from[opened++ % Math.max(from.length, 1)];
      const { ok } = await requestOnce(target, o, { localAddress });
      if (ok) good += 1;
    }
  };
  await Promise.all(Array.from({ length: o.parallel }, client));
  const durationMs = msSince(startNs);
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    connectionsPerS: (good * 1000) / durationMs,
    connections: good,
    errors: opened - good,
    durationMs,
    generatorCpu: (user + system) / 1e3 / durationMs,
  };
}
