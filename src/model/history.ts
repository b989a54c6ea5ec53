import type { z } from 'zod';
import type {
  figureOutcomeSchema,
  fingerprintSchema,
  gatedFigureSchema,
  gateResultSchema,
  gateVerdictSchema,
  nightGateSchema,
  runFigureSchema,
  runLineSchema,
} from './schema/history.ts';

/** Many runs over time; schema/history.ts says what each field means. */

export type Fingerprint = z.infer<typeof fingerprintSchema>;
export type RunFigure = z.infer<typeof runFigureSchema>;
export type RunLine = z.infer<typeof runLineSchema>;
export type GateVerdict = z.infer<typeof gateVerdictSchema>;
export type FigureOutcome = z.infer<typeof figureOutcomeSchema>;
export type GatedFigure = z.infer<typeof gatedFigureSchema>;
export type GateResult = z.infer<typeof gateResultSchema>;
export type NightGate = z.infer<typeof nightGateSchema>;

/** How a figure went over the runs. */
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
