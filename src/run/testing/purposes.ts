import type { Purpose } from '../../model/job.ts';

/** Of a run: the lab as written, or another one. */
export const inRun = (group?: string): Purpose => ({
  kind: 'unbroken',
  when: 'run',
  ...(group !== undefined && { group }),
});

export const brokenBy = (check: string, mutant: string): Purpose => ({ kind: 'mutant', check, mutant });
