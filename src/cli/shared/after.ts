import { sweepDocker } from '../../../lab/docker/index.ts';
import type { Job } from '../../model/job.ts';
import type { LabSpec } from '../../model/spec.ts';

/** The lab that a job is about; the cases of one job differ only in what they break. */
export const specOf = (job: Job): LabSpec | undefined => {
  if (job.kind === 'checks') return job.cases[0]?.spec;
  return job.kind === 'trials' ? job.labs[0] : job.spec;
};

/** Dockers that were there before the lab; one of drlab's own ends with it. */
export const dockersOf = ({ driver }: LabSpec): string[] =>
  driver.kind === 'docker'
    ? [driver.endpoint, ...Object.values(driver.hosts)].filter((endpoint) => endpoint !== 'own')
    : [];

/**
 * Tidies up behind a program that was ended before it could do so itself. What cannot be reached now is left to
 * `drlab lab sweep`.
 */
export async function sweepAfter(job: Job): Promise<void> {
  const spec = specOf(job);
  for (const endpoint of spec ? dockersOf(spec) : []) await sweepDocker(endpoint).catch(() => {});
}
