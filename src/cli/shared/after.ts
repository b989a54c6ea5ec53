import { driverOf } from '../../../lab/drivers.ts';
import type { Job } from '../../model/job.ts';
import type { LabSpec } from '../../model/spec.ts';

/** The lab that a job is about; the cases of one job differ only in what they break. */
export const specOf = (job: Job): LabSpec | undefined => {
  if (job.kind === 'checks') return job.cases[0]?.spec;
  return job.kind === 'trials' ? job.labs[0] : job.spec;
};

/**
 * Tidies up behind a program that was ended before it could do so itself. What cannot be reached now is left to
 * `drlab lab sweep`.
 */
export async function sweepAfter(job: Job): Promise<void> {
  const spec = specOf(job);
  if (spec) await driverOf(spec).sweepAfter?.(spec);
}
