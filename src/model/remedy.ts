import type { z } from 'zod';
import type { remedyStepSchema } from './schema/remedy.ts';

/** One thing to do about a failure; schema/remedy.ts says what each field means. */
export type RemedyStep = z.infer<typeof remedyStepSchema>;

/** `or, on rs2: sysctl …`; the same words wherever a report is plain text. */
export function stepLine(step: RemedyStep): string {
  const what = 'run' in step ? `on ${step.on}: ${step.run}` : step.advice;
  return step.lead === undefined ? what : `${step.lead}, ${what}`;
}

/** Where several findings say the same. */
export const eachOnce = (steps: readonly RemedyStep[]): RemedyStep[] => [
  ...new Map(steps.map((step) => [stepLine(step), step])).values(),
];
