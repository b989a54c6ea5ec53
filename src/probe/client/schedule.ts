import { randomFrom } from '../../statistics/random.ts';
import type { StreamPlan } from './types.ts';

/** The planned send times of a stream, in order, from 0; the same plan gives the same times. */
export interface Schedule {
  /** The next one that has not been taken, in ms since t0. */
  readonly dueMs: number;
  take(): void;
}

type Timing = Pick<StreamPlan, 'name' | 'rateHz' | 'schedule' | 'seed' | 'burst'>;

/**
 * `constant`: i / rate. `poisson`: independent exponential gaps of that mean, as of many clients that know nothing of each
 * other. With bursts the clock of the schedule stands still while the stream is off.
 */
export function scheduleOf(plan: Timing): Schedule {
  const { rateHz, burst } = plan;
  const random = randomFrom(plan.seed ?? 0, `schedule of ${plan.name}`);
  const gapMs = () => (-Math.log(1 - random.unit()) * 1000) / rateHz;
  const wallMs = (activeMs: number): number =>
    burst ? activeMs + Math.floor(activeMs / burst.onMs) * burst.offMs : activeMs;
  const poisson = plan.schedule === 'poisson';
  let taken = 0;
  let activeMs = poisson ? gapMs() : 0;
  return {
    get dueMs() {
      return wallMs(activeMs);
    },
    take() {
      taken += 1;
      activeMs = poisson ? activeMs + gapMs() : (taken * 1000) / rateHz;
    },
  };
}

/** How many send times are planned before this moment. */
export function plannedBefore(untilMs: number, plan: Timing): number {
  const schedule = scheduleOf(plan);
  let planned = 0;
  for (; schedule.dueMs < untilMs; schedule.take()) planned += 1;
  return planned;
}
