import { buildLab } from '../../../lab/drivers.ts';
import { boundsOf, observeSchedule, settlingMs } from '../../../suites/explore/index.ts';
import type { ExploreJob } from '../../model/job.ts';
import type { Emit } from '../../run/emit.ts';
import { runSchedules } from '../../run/explore/tasks.ts';
import { exitCode } from '../../util/errors.ts';

/** Inside a sandbox: the schedules that are tried there. */
export async function trySchedules(job: ExploreJob, emit: Emit): Promise<number> {
  const note = (text: string): void => emit({ type: 'progress', text });
  await runSchedules(
    job,
    {
      buildLab: (spec) => buildLab(spec, { progress: note }),
      boundsOf,
      settlingMs,
      observe: observeSchedule,
    },
    emit,
  );
  return exitCode.conformant;
}
