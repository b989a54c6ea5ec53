import { setTimeout as sleep } from 'node:timers/promises';
import { healthLimits } from '../health.ts';
import { Load } from './load.ts';
import type { StreamPlan } from './types.ts';

/** How a short run of the streams went, that nobody records. */
export interface WarmUp {
  scheduleLagP99Ms: number;
  achievedRatio: number;
  /** Share of one CPU that the prober took. */
  ownCpu: number;
}

const windowMs = 500;
/** A prober that starts on an emulated CPU is translated twice, which takes seconds; on others once is enough. */
const warmUpMs = 3_000;
/** Room up to the limits at which a measurement counts as unhealthy. */
const room = 0.8;
/** With this little CPU nothing that is still being translated can hide. */
const idle = 0.3;
const slowest = 1 / 4;

/**
 * Runs the streams until the prober keeps up with them, and hands them back: at a half or a quarter of their rates
 * where it has no CPU left for more, so that it measures the service and not itself.
 */
export async function warmedUp(
  plans: readonly StreamPlan[],
  run: (plans: StreamPlan[]) => Promise<WarmUp> = warmUp,
  nowMs: () => number = () => performance.now(),
): Promise<StreamPlan[]> {
  for (let factor = 1; ; factor /= 2) {
    const slower = plans.map((plan) => ({ ...plan, rateHz: plan.rateHz * factor }));
    const since = nowMs();
    let seen: WarmUp;
    let good = 0;
    do {
      seen = await run(slower);
      good = keepsUp(seen) ? good + 1 : 0;
      if (good === 2 || (good === 1 && seen.ownCpu <= idle)) return slower;
    } while (nowMs() - since < warmUpMs);
    // What is late for other reasons would be late at any rate; the health of the measurement will tell.
    if (seen.ownCpu <= room * healthLimits.ownCpu || factor <= slowest) return slower;
  }
}

const keepsUp = ({ scheduleLagP99Ms, achievedRatio, ownCpu }: WarmUp): boolean =>
  scheduleLagP99Ms <= room * healthLimits.scheduleLagP99Ms &&
  achievedRatio >= healthLimits.achievedRatio &&
  ownCpu <= room * healthLimits.ownCpu;

async function warmUp(plans: StreamPlan[]): Promise<WarmUp> {
  const load = await Load.start(plans);
  const [since, before] = [performance.now(), process.cpuUsage()];
  await sleep(windowMs);
  const { user, system } = process.cpuUsage(before);
  const ownCpu = (user + system) / 1e3 / (performance.now() - since);
  const { scheduleLagP99Ms, achievedRatio } = (await load.stop()).health;
  return { scheduleLagP99Ms, achievedRatio, ownCpu };
}
