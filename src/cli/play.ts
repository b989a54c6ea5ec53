import { provenance } from '../../lab/netns/index.ts';
import { checks } from '../../suites/index.ts';
import type { Job } from '../model/job.ts';
import type { Emit } from '../run/emit.ts';
import { playAll } from '../run/play.ts';
import { buildLab } from './drivers.ts';

/** The same as the worker under vitest. */
export const playJob = (job: Extract<Job, { kind: 'checks' }>, emit: Emit): Promise<void> =>
  playAll(job.cases, { checks, buildLab, provenance, runDir: job.outDir, emit });
