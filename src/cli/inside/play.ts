import { provenance } from '../../../lab/base/provenance.ts';
import { checks } from '../../../suites/index.ts';
import type { ChecksJob } from '../../model/job.ts';
import type { Emit } from '../../run/emit.ts';
import { playAll } from '../../run/play.ts';
import { buildLab } from '../shared/drivers.ts';

/** The same as the worker under vitest. */
export const playJob = ({ cases, outDir, provenanceOf }: ChecksJob, emit: Emit): Promise<void> =>
  playAll(cases, { checks, buildLab, provenance, runDir: outDir, emit }, provenanceOf);
