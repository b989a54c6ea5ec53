import type { Bounds, InvariantId, Observation, Schedule, ScheduleOutcome } from '../../model/exploration.ts';
import type { ExploreJob, ScheduleTask } from '../../model/job.ts';
import type { Lab } from '../../model/lab.ts';
import type { LabSpec } from '../../model/spec.ts';
import { exitCode, LabUnavailable, messageOf, StepFailed } from '../../util/errors.ts';
import { Scope } from '../../util/scope.ts';
import type { Emit } from '../emit.ts';
import { judgeSchedule } from './invariants.ts';
import { shrink } from './shrink.ts';

export interface ExploreWorkshop {
  buildLab(spec: LabSpec): Promise<Lab>;
  boundsOf(spec: LabSpec): Bounds;
  settlingMs(bounds: Bounds): number;
  observe(lab: Lab, schedule: Schedule, bounds: Bounds): Promise<Observation>;
}

/** Inside a sandbox: tries schedules, each in a fresh lab, or looks for the shortest that still fails. */
export async function runSchedules(
  { spec, tasks }: Pick<ExploreJob, 'spec' | 'tasks'>,
  workshop: ExploreWorkshop,
  emit: Emit,
): Promise<void> {
  for (const task of tasks) {
    if (task.shrink) await shrinkSchedule(spec, task.schedule, task.shrink, workshop, emit);
    else {
      emit({ type: 'schedule-start', seed: task.schedule.seed });
      emit({ type: 'schedule-end', outcome: await trySchedule(spec, task.schedule, workshop, emit) });
    }
  }
}

async function shrinkSchedule(
  spec: LabSpec,
  schedule: Schedule,
  { invariant, trials }: NonNullable<ScheduleTask['shrink']>,
  workshop: ExploreWorkshop,
  emit: Emit,
): Promise<void> {
  let made = 0;
  const oracle = async (candidate: Schedule): Promise<string | undefined> => {
    const seen = failureOf(await trySchedule(spec, candidate, workshop, emit), invariant);
    const { seed } = schedule;
    emit({ type: 'shrink-trial', seed, trial: ++made, schedule: candidate, fails: seen !== undefined });
    return seen;
  };
  const shortest = await shrink(schedule, oracle, trials);
  emit({ type: 'shrink-end', shrunk: { seed: schedule.seed, invariant, ...shortest } });
}

const failureOf = ({ findings }: ScheduleOutcome, wanted: InvariantId): string | undefined =>
  findings.find(({ invariant, verdict }) => invariant === wanted && verdict === 'fails')?.seen;

/**
 * One schedule in one fresh lab. What throws is reported as broken: it says nothing about the lab.
 * @throws {LabUnavailable} where there can be no such lab here; {StepFailed} where a hook leaves it unconfigured.
 */
async function trySchedule(
  spec: LabSpec,
  schedule: Schedule,
  workshop: ExploreWorkshop,
  emit: Emit,
): Promise<ScheduleOutcome> {
  const bounds = workshop.boundsOf(spec);
  try {
    const lab = await workshop.buildLab(spec);
    await using scope = new Scope();
    scope.defer(() => takeDown(lab, emit));
    const observation = await workshop.observe(lab, schedule, bounds);
    const settlingMs = workshop.settlingMs(bounds);
    const findings = judgeSchedule(observation, { spec, bounds, settlingMs });
    const { unsettled } = lab;
    return { schedule, findings, ...(unsettled !== undefined && { unsettled }) };
  } catch (error) {
    if (error instanceof LabUnavailable || error instanceof StepFailed) throw error;
    return { schedule, findings: [], broken: messageOf(error) };
  }
}

/** A hook that fails then is a problem of the exploration, and says nothing about the schedule. */
async function takeDown(lab: Lab, emit: Emit): Promise<void> {
  try {
    await lab[Symbol.asyncDispose]();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    const { message, hint } = error;
    emit({ type: 'fault', message, exit: exitCode.inconclusive, ...(hint !== undefined && { hint }) });
  }
}
