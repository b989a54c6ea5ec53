import { availableParallelism, loadavg } from 'node:os';

/** Beyond this a machine does not get anything done, and waiting longer does not help. */
const most = 20;

/**
 * How many times longer than on a quiet machine something may take here and now: processes that want to run for each CPU
 * (getloadavg(3), one minute), at least 1. For time limits, never for verdicts.
 */
export const crowding = (load: number = loadavg()[0] ?? 0, cpus: number = availableParallelism()): number =>
  Math.min(most, Math.max(1, load / cpus));
