import type { z } from 'zod';
import type {
  begunComparisonSchema,
  holdOrderSchema,
  indexEntrySchema,
  kvmTrialSchema,
  processIdSchema,
  standingLabSchema,
  wantedPlanSchema,
  wayBackSchema,
} from './schema/state.ts';

/** What drlab keeps for itself between its runs, apart from records; schema/state.ts says what each field means. */

export type BegunComparison = z.infer<typeof begunComparisonSchema>;
export type WantedPlan = z.infer<typeof wantedPlanSchema>;
export type ProcessId = z.infer<typeof processIdSchema>;
export type StandingLab = z.infer<typeof standingLabSchema>;
export type HoldOrder = z.infer<typeof holdOrderSchema>;
export type WayBack = z.infer<typeof wayBackSchema>;
export type KvmTrial = z.infer<typeof kvmTrialSchema>;
export type IndexEntry = z.infer<typeof indexEntrySchema>;
