import type { z } from 'zod';
import type {
  caseSchema,
  checksJobSchema,
  exploreJobSchema,
  jobSchema,
  purposeSchema,
  scheduleTaskSchema,
  trialsJobSchema,
  trialTaskSchema,
  variantTrySchema,
} from './schema/job.ts';

/** What the outside asks the inside of a sandbox to do; schema/job.ts says what each field means. */

export type Purpose = z.infer<typeof purposeSchema>;
export type Case = z.infer<typeof caseSchema>;
export type TrialTask = z.infer<typeof trialTaskSchema>;
export type VariantTry = z.infer<typeof variantTrySchema>;
export type ScheduleTask = z.infer<typeof scheduleTaskSchema>;
export type TrialsJob = z.infer<typeof trialsJobSchema>;
export type ExploreJob = z.infer<typeof exploreJobSchema>;
export type ChecksJob = z.infer<typeof checksJobSchema>;
export type Job = z.infer<typeof jobSchema>;
