import type { TrialRecord } from '../../model/comparison.ts';
import type { RunEvent } from '../../model/events.ts';
import type { TrialsJob, TrialTask } from '../../model/job.ts';
import type { LabSpec } from '../../model/spec.ts';
import type { WorkloadValue } from '../../model/workload.ts';
import { messageOf } from '../../util/errors.ts';
import { type CompareWorkshop, TrialLab } from './trial-lab.ts';

/** Inside a sandbox: tries variants, then measures trial after trial, and tells of each. */
export async function runTrials(
  job: Pick<TrialsJob, 'labs' | 'tries' | 'tasks' | 'again'>,
  workloads: readonly WorkloadValue[],
  workshop: CompareWorkshop,
  emit: (event: RunEvent) => void,
): Promise<void> {
  const trialLab = new TrialLab(workshop);
  const labOf = (index: number): LabSpec => {
    const spec = job.labs[index];
    if (!spec) throw new Error(`the job has no lab ${index}`);
    return spec;
  };
  for (const { variant, lab } of job.tries) {
    const start = performance.now();
    const unsupported = await trialLab.ready(labOf(lab)).then(
      () => undefined,
      (error) => messageOf(error),
    );
    const tookMs = Math.round(performance.now() - start);
    emit({ type: 'variant-tried', variant, tookMs, ...(unsupported !== undefined && { unsupported }) });
  }
  const attempt = async (task: TrialTask, again?: string): Promise<TrialRecord> => {
    const start = performance.now();
    emit({ type: 'trial-start', order: task.order });
    const { trial, factor } = await runTrial(task, labOf(task.lab), workloads, trialLab);
    const told = again === undefined ? trial : { ...trial, again };
    emit({ type: 'trial-end', trial: told, tookMs: Math.round(performance.now() - start), factor });
    return told;
  };
  for (const block of byBlock(job.tasks)) {
    const failed: { task: TrialTask; why: string }[] = [];
    for (const task of block) {
      const { inconclusive } = await attempt(task);
      if (inconclusive !== undefined && job.again) failed.push({ task, why: inconclusive });
    }
    // Once more and no further: who tries until it passes measures luck.
    for (const { task, why } of failed) await attempt(task, why);
  }
  await trialLab.takeDown();
}

async function runTrial(
  task: TrialTask,
  spec: LabSpec,
  workloads: readonly WorkloadValue[],
  trialLab: TrialLab,
): Promise<{ trial: TrialRecord; factor: number }> {
  const { lab: _lab, direct, trialMs, factor: planned, seed, ...where } = task;
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const known = () => ({ ...where, startedAt, durationMs: Math.round(performance.now() - start) });
  const workload = workloads.find(({ id }) => id === task.workload);
  if (!workload) throw new Error(`there is no workload ${task.workload}`);
  try {
    const lab = await trialLab.ready(spec);
    const lacking = workload.needs.flatMap((capability) => lab.lacks(capability) ?? []);
    if (lacking.length > 0)
      return { trial: { ...known(), ...nothing, inconclusive: lacking.join('; ') }, factor: 1 };
    const seen = await workload.observe({ lab, spec, direct, trialMs, factor: planned, seed });
    const { outcome, factor } = workload.judge(seen);
    const { unsettled } = lab;
    return { trial: { ...known(), ...outcome, ...(unsettled !== undefined && { unsettled }) }, factor };
  } catch (error) {
    // Whatever state it is in, the next trial must not begin with it.
    await trialLab.takeDown();
    return { trial: { ...known(), ...nothing, inconclusive: messageOf(error) }, factor: 1 };
  }
}

const nothing = { figures: {}, shares: {}, planned: 0, good: 0, errors: {} };

const byBlock = (tasks: readonly TrialTask[]): TrialTask[][] => {
  const blocks = new Map<number, TrialTask[]>();
  for (const task of tasks) blocks.set(task.block, [...(blocks.get(task.block) ?? []), task]);
  return [...blocks.values()];
};
