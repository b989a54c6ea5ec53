import type { InvariantId, Schedule } from './exploration.ts';
import type { LabSpec } from './spec.ts';

/** One lab, built fresh, and the checks run on it in this order. */
export interface Case {
  /** Unique within the job: `run`, `run@routed`, `before`, `ARP-01/arp-ignore-off`, `after`. */
  name: string;
  spec: LabSpec;
  /** Check IDs. */
  checks: string[];
  /** The case before it that asks all others in a lab broken in the same way. */
  sameLabAs?: string;
  /** Why there can be no such lab; its checks are `unsupported` then, and nothing is built. */
  impossible?: string;
}

/** One trial of a comparison. */
export interface TrialTask {
  workload: string;
  variant: string;
  control: boolean;
  block: number;
  order: number;
  /** Index into the job's labs. */
  lab: number;
  /** The client asks the real servers in turn, past the director. */
  direct: boolean;
  trialMs: number;
  /** Of the workload's own rate. */
  factor: number;
  /** Arrivals and service times hang on it: the same for all trials of a block. */
  seed: number;
}

/** A variant's lab is only brought up, to learn whether it can be. */
export interface VariantTry {
  variant: string;
  /** Index into the job's labs. */
  lab: number;
}

/** Some trials of a comparison, in one world. */
export interface TrialsJob {
  kind: 'trials';
  labs: LabSpec[];
  tries: VariantTry[];
  tasks: TrialTask[];
  /** What gave no figures is tried once more at the end of its block. */
  again: boolean;
  outDir: string;
  lane: string;
}

/** A schedule to try once, or to make shorter for as long as the invariant fails. */
export type ScheduleTask =
  | { schedule: Schedule }
  | { schedule: Schedule; shrink: { invariant: InvariantId; trials: number } };

/** Some schedules of an exploration, in one world; each in a fresh lab. */
export interface ExploreJob {
  kind: 'explore';
  spec: LabSpec;
  tasks: ScheduleTask[];
  outDir: string;
  lane: string;
}

/** Checks of some cases, in one world. */
export interface ChecksJob {
  kind: 'checks';
  cases: Case[];
  outDir: string;
  lane?: string;
  /** The case that tells what its hosts were like; default: the first. */
  provenanceOf?: string;
}

/** What the outside asks the inside of a sandbox to do; a JSON file in the run's folder. */
export type Job =
  | ChecksJob
  | TrialsJob
  | ExploreJob
  | { kind: 'shell'; spec: LabSpec; outDir: string; command?: string[] }
  | { kind: 'hold'; spec: LabSpec; outDir: string };
