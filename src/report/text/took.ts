import type { RunRecord } from '../../model/record.ts';
import { duration, number } from './units.ts';

type Timed = Pick<RunRecord, 'durationMs' | 'simulated' | 'fidelity'>;

/** `2 min 3 s`; in virtual time `simulated 1 h 12 min in 2 min 3 s, 35×`. */
export function took({ durationMs, simulated = [], fidelity }: Timed): string {
  const ms = simulated.reduce((sum, one) => sum + one.ms, 0);
  // A lab that could show nothing in virtual time takes next to none of it.
  if (ms < 1_000) return duration(durationMs);
  const what = `simulated ${duration(ms)}`;
  // Where some of the run was in real time, its length says nothing of how fast virtual time went.
  if (fidelity.time === 'real') return `${duration(durationMs)}, in which it ${what}`;
  return `${what} in ${duration(durationMs)}, ${number(ms / durationMs)}×`;
}
