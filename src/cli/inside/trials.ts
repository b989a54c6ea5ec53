import { buildLab } from '../../../lab/drivers.ts';
import { workloads } from '../../../suites/workloads/index.ts';
import type { TrialsJob } from '../../model/job.ts';
import { runTrials } from '../../run/compare/trials.ts';
import type { Emit } from '../../run/emit.ts';
import { exitCode } from '../../util/errors.ts';
import { resetLab } from './reset.ts';

/** Inside a sandbox: the trials of a comparison that are measured there. */
export async function measureTrials(job: TrialsJob, emit: Emit): Promise<number> {
  const note = (text: string): void => emit({ type: 'progress', text });
  await runTrials(
    job,
    workloads,
    { buildLab: (spec) => buildLab(spec, { progress: note }), reset: resetLab, note },
    emit,
  );
  return exitCode.conformant;
}
