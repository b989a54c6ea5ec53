import type { TrialRecord } from './comparison.ts';
import type { Schedule, ScheduleOutcome, Shrunk } from './exploration.ts';
import type { ConfigText } from './lab.ts';
import type { CheckResult, Fidelity, HostProvenance } from './record.ts';

/**
 * What the inside of a sandbox tells the outside: one JSON object a line, appended to `events.ndjson`.
 * The record is built from these, so whatever was measured before a crash is not lost.
 */
export type RunEvent =
  | { type: 'hello'; kernel: string; pid: number }
  | { type: 'heartbeat' }
  | { type: 'progress'; text: string }
  | { type: 'case-start'; case: string; checks: string[] }
  | { type: 'lab-up'; case: string; tookMs: number; configs: ConfigText[]; hosts: HostProvenance[] }
  /** What was applied had not taken effect in time, in a lab that nobody broke on purpose; its checks are run all the same. */
  | { type: 'unsettled'; case: string; lacks: string }
  | { type: 'lab-down'; case: string; tookMs: number }
  /** The driver cannot build this lab here, however often it is tried. */
  | { type: 'unavailable'; case: string; message: string; hint?: string }
  /** In virtual time, by whose clock it took this long. */
  | { type: 'case-end'; case: string; simulatedMs: number }
  | { type: 'check-start'; case: string; id: string; title: string }
  | { type: 'check-end'; case: string; result: CheckResult }
  | { type: 'variant-tried'; variant: string; tookMs: number; unsupported?: string }
  | { type: 'trial-start'; order: number }
  /** `factor`: share of the planned rate that the instrument keeps up with. */
  | { type: 'trial-end'; trial: TrialRecord; tookMs: number; factor: number }
  | { type: 'schedule-start'; seed: number }
  | { type: 'schedule-end'; outcome: ScheduleOutcome }
  | { type: 'shrink-trial'; seed: number; trial: number; schedule: Schedule; fails: boolean }
  | { type: 'shrink-end'; shrunk: Shrunk }
  | { type: 'fidelity'; fidelity: Fidelity }
  /** The inside broke in a way that is no check's; `exit` as in util/errors. */
  | { type: 'fault'; message: string; hint?: string; exit: number; stack?: string }
  | { type: 'end' };
