import type { Figure } from './measurement.ts';
import type { RunRecord } from './record.ts';

/** Many runs over time: what is kept of each, what the gate says of the last one, and how a figure went. */

/** What must be equal for figures of two runs to be compared; each part in words. */
export interface Fingerprint {
  /** Name of the lab and the start of a hash of its `LabSpec`. */
  lab: string;
  sandbox: string;
  kernel: string;
  machine: string;
}

/** One figure that says which way is better; the others gate nothing. */
export interface RunFigure extends Required<Pick<Figure, 'name' | 'value' | 'unit' | 'better'>> {
  /** ID of the check. */
  check: string;
}

/** What the index keeps of a run. */
export interface RunLine {
  id: string;
  command: RunRecord['command'];
  /** ISO 8601, UTC. */
  startedAt: string;
  exitCode: number;
  fingerprint: Fingerprint;
  figures: RunFigure[];
  /** IDs of the checks that were to be seen: all but those skipped or unsupported. */
  checks: string[];
  /** ID of the run that it was to confirm; such a run is no night of its own. */
  confirms?: string;
}

export type GateVerdict = 'regression' | 'improvement' | 'no change' | 'not enough history' | 'not measured';

export type FigureOutcome =
  | 'regression'
  /** Worse than the noise allows, once: a second run must confirm it. */
  | 'suspected'
  /** Worse in one of two runs only. */
  | 'not confirmed'
  | 'improvement'
  | 'no change'
  | 'not enough history'
  /** Its check was asked for, and did not give it in this run. */
  | 'not measured';

export interface GatedFigure extends Omit<RunFigure, 'value'> {
  outcome: FigureOutcome;
  /** In this run; missing where it was not measured. */
  value?: number;
  /** In the run that this one was to confirm. */
  firstValue?: number;
  /** Of the baseline. */
  centre?: number;
  /** Beyond these it is no noise: the noise band, or the smallest effect that matters where that is wider. */
  low?: number;
  high?: number;
  /** Runs that the noise was estimated from. */
  runs: number;
}

export interface GateResult {
  verdict: GateVerdict;
  /** Of a regression: seen in two runs. Only then should a night fail. */
  confirmed: boolean;
  /** Run the same once more and ask again with both. */
  needsConfirming: boolean;
  /** In words: `the median of the last 7 runs`. */
  baseline: string;
  /** Why the verdict, as a sentence. */
  reason: string;
  /** The worst first. */
  figures: GatedFigure[];
}

/** What the gate said of a night, as its record keeps it. */
export interface NightGate extends GateResult {
  /** What the runs that it was measured against have in common with it. */
  fingerprint: Fingerprint;
  /** What ends the run with 1; without it the gate only tells. */
  failOn?: 'regression';
  /** The second run of the same, where something was suspected. */
  confirming?: {
    run: string;
    /** Relative to the folder of this run. */
    folder: string;
    /** The sentence that its own reports begin with. */
    conclusion: string;
  };
}

export interface Trend extends Omit<RunFigure, 'value'> {
  /** The oldest first. */
  points: { run: string; startedAt: string; value: number }[];
  /** Where an unchanged run falls in 95 %; missing with fewer than five runs. */
  band?: { centre: number; low: number; high: number };
  changes: {
    /** First run of the new level. */
    run: string;
    startedAt: string;
    p: number;
    before: number;
    after: number;
  }[];
}
