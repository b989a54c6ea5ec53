import type { Bounds, Finding, Observation } from '../../model/exploration.ts';

/** What an invariant is judged from. */
export interface Judging {
  bounds: Bounds;
  /** From the last revert until everything must be as it was. */
  settlingMs: number;
  directors: string[];
  observation: Observation;
}

export type Judge = (judging: Judging) => Omit<Finding, 'invariant'>;
