import type { z } from 'zod';
import type {
  comparedFigureSchema,
  comparedRowSchema,
  comparedWorkloadSchema,
  comparisonPlanSchema,
  comparisonSchema,
  figureKindSchema,
  trialSchema,
  variantSchema,
  workloadSchema,
} from './schema/comparison.ts';

/** `comparison.json`; schema/comparison.ts says what each field means. */

export type Variant = z.infer<typeof variantSchema>;
export type FigureKind = z.infer<typeof figureKindSchema>;
export type Workload = z.infer<typeof workloadSchema>;
export type TrialRecord = z.infer<typeof trialSchema>;
export type ComparedRow = z.infer<typeof comparedRowSchema>;
export type ComparedFigure = z.infer<typeof comparedFigureSchema>;
export type ComparedWorkload = z.infer<typeof comparedWorkloadSchema>;
export type ComparisonPlan = z.infer<typeof comparisonPlanSchema>;
export type ComparisonRecord = z.infer<typeof comparisonSchema>;
