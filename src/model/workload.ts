import type { Capability } from './capabilities.ts';
import type { TrialRecord, Workload } from './comparison.ts';
import type { Lab } from './lab.ts';
import type { LabSpec } from './spec.ts';

/** What a workload is asked to put on a lab, once. */
export interface TrialSetting {
  lab: Lab;
  /** As the variant has it; a standing lab was built for another one. */
  spec: LabSpec;
  /** The client asks the real servers in turn, past the director. */
  direct: boolean;
  trialMs: number;
  /** Of the workload's own rate. */
  factor: number;
  seed: number;
}

/** What came of it, without what the plan knows. */
export type TrialOutcome = Omit<
  TrialRecord,
  'workload' | 'variant' | 'control' | 'block' | 'order' | 'startedAt' | 'durationMs' | 'again'
>;

/** A load that variants are compared under: a value, as checks are; `observe` looks, `judge` is pure. */
export interface WorkloadValue<Seen = unknown> extends Workload {
  /** Of its own accord, as the sum of its streams. */
  rateHz: number;
  trialMs: number;
  needs: Capability[];
  /**
   * The lab with the real servers that this load needs.
   * @param keepWeights the weights are what is compared
   * @throws {NotInLab} where there can be no such lab.
   */
  change(spec: LabSpec, keepWeights: boolean): LabSpec;
  /** Puts the load on the lab and returns plain data. May throw: that is inconclusive. */
  observe(setting: TrialSetting): Promise<Seen>;
  /** @returns `factor`: share of the planned rate that the instrument keeps up with, where that was tried. */
  judge(seen: Seen): { outcome: TrialOutcome; factor: number };
}
