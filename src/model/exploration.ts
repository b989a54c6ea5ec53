import type { z } from 'zod';
import type { FaultSpec, Interval } from './fault.ts';
import type { ProbePoint } from './measurement.ts';
import type {
  boundsSchema,
  explorationSchema,
  findingSchema,
  plannedFaultSchema,
  replayFileSchema,
  scheduleOutcomeSchema,
  scheduleSchema,
  shrunkSchema,
} from './schema/exploration.ts';

export type { InvariantId } from './invariants.ts';

/** `exploration.json`, and what leads to it; schema/exploration.ts says what each stored field means. */

export type PlannedFault = z.infer<typeof plannedFaultSchema>;
export type Schedule = z.infer<typeof scheduleSchema>;
export type Bounds = z.infer<typeof boundsSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type ScheduleOutcome = z.infer<typeof scheduleOutcomeSchema>;
export type Shrunk = z.infer<typeof shrunkSchema>;
export type ExplorationRecord = z.infer<typeof explorationSchema>;
export type ReplayFile = z.infer<typeof replayFileSchema>;

/** One look at the directors. */
export interface Look {
  fromMs: number;
  toMs: number;
  /** By VIP: the directors that have it. */
  holders: Record<string, string[]>;
  /** By director: the real servers of the probed service that may get new connections. */
  tables: Record<string, string[]>;
}

/** What came of one schedule; all times on the clock of the load. */
export interface Observation {
  faults: { fault: FaultSpec; applied: Interval; reverted: Interval }[];
  looks: Look[];
  /** A connection for each probe. */
  fresh: ProbePoint[];
  /** Heartbeats on connections that stay open. */
  held: ProbePoint[];
  /** Why the prober was not fit to judge, if so. */
  unfit?: string;
  endMs: number;
  /** After settling. */
  final: {
    neighbours: { host: string; vip: string; mac: string | null }[];
    /** By director, its rules in one order. */
    rules: Record<string, string[]>;
    /** By VIP and director: the MAC address that it announces. */
    macs: Record<string, Record<string, string>>;
  };
}

/** Of all invariants together: one that fails decides; what could not be judged does not hold. */
export function verdictOf({ findings, broken }: ScheduleOutcome): Finding['verdict'] {
  const has = (verdict: Finding['verdict']) => findings.some((finding) => finding.verdict === verdict);
  if (has('fails')) return 'fails';
  return broken !== undefined || findings.length === 0 || has('inconclusive') ? 'inconclusive' : 'holds';
}
