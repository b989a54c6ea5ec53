import type { InstrumentHealth, StreamResult } from '../../../src/probe/client/prober.ts';
import { quietMs } from '../../../src/util/lateness.ts';

/** What an instrument says of itself, as far as it knows. */
export interface Instrument {
  health?: InstrumentHealth;
  streams?: Pick<StreamResult, 'name' | 'points'>[];
  /** The worst that timers were late. */
  lateMs?: number | undefined;
}

/**
 * With timers later than this a failure may be the machine's, whose delays add up; what held all the same holds.
 * No less than what a quiet machine shows, no more than what an instrument may be late at all.
 */
export const failsUpToMs = (slackMs: number): number => Math.min(slackMs, Math.max(quietMs, slackMs / 4));

/** Share of the probes that have to be sent in time. */
const mostInTime = 0.95;

/**
 * Why an instrument cannot tell times that differ by this slack, one phrase each; empty: it can. Far coarser than what a
 * latency needs, yet a prober that slept through the fault must not judge it, and a machine whose timers are later than
 * the slack is late itself, not the lab. Pure.
 * @param inTime share of the probes that have to be sent in time
 */
export function unfitFor(
  { health, streams = [], lateMs = 0 }: Instrument,
  slackMs: number,
  inTime: number = mostInTime,
): string[] {
  const why: string[] = [];
  if (lateMs > slackMs) why.push(`timers were ${lateMs} ms late`);
  if (health && health.scheduleLagP99Ms > slackMs / 2)
    why.push(`probes were sent ${Math.round(health.scheduleLagP99Ms)} ms late (p99)`);
  if (health && health.achievedRatio < inTime)
    why.push(`only ${(100 * health.achievedRatio).toFixed(1)} % of the probes were sent in time`);
  for (const { name, points } of streams)
    if (points.some(({ error }) => error === 'local-port')) why.push(`${name} found no free local port`);
  return why;
}
