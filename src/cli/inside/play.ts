import { buildLab, provenance } from '../../../lab/drivers.ts';
import { checks } from '../../../suites/index.ts';
import type { ChecksJob } from '../../model/job.ts';
import type { Emit } from '../../run/emit.ts';
import { playAll } from '../../run/play.ts';

/** The same as the worker under vitest. */
export const playJob = ({ cases, outDir, provenanceOf }: ChecksJob, emit: Emit): Promise<void> =>
  playAll(cases, { checks, buildLab, provenance, runDir: outDir, emit }, provenanceOf);
