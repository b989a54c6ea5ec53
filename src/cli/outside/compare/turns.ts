import type { ComparisonPlan, TrialRecord } from '../../../model/comparison.ts';
import type { TrialTask } from '../../../model/job.ts';
import type { BegunComparison } from '../../../model/state.ts';
import { isFinished } from '../../../run/compare/journal.ts';
import { lackingPairs } from '../../../run/compare/lacking.ts';
import { tasksOf } from '../../../run/compare/plan.ts';
import { type ComparedLabs, workloadOf } from './labs.ts';
import { plannedTrialMs } from './sizing.ts';

/** Every trial of the plan, those of the reserve behind the others. */
export function plannedTasks(begun: BegunComparison, plan: ComparisonPlan, labs: ComparedLabs): TrialTask[] {
  const planned = begun.workloads.map((id) => {
    const rateHz = plan.rates?.find(({ workload }) => workload === id)?.rateHz ?? 0;
    const factor = rateHz / workloadOf(id).rateHz || 1;
    return { id, trialMs: plannedTrialMs(id, factor, begun.wanted.trialMs), factor };
  });
  return tasksOf(plan, planned, (workload, variant) => labs.at(workload, variant));
}

/**
 * What is measured next: what is missing of the planned blocks, then of the reserve block by block where pairs are
 * lacking and the budget has time for it; nothing at the end. Pure.
 * @param spentMs of the budget
 */
export function nextTasks(
  begun: BegunComparison,
  plan: ComparisonPlan,
  tasks: readonly TrialTask[],
  trials: readonly TrialRecord[],
  spentMs: number,
): TrialTask[] {
  const done = new Set(trials.filter(isFinished).map(({ order }) => order));
  const open = tasks.filter(({ order }) => !done.has(order));
  const first = open.filter(({ block }) => block < plan.blocks);
  if (first.length > 0 || open.length === 0) return first;
  const variants = begun.variants
    .filter(({ unsupported }) => unsupported === undefined)
    .map(({ name }) => name);
  const workloads = begun.workloads.map(workloadOf);
  const lacking = lackingPairs({ plan, workloads, variants, trials });
  const block = Math.min(...open.map((task) => task.block));
  const reserve = open.filter((task) => task.block === block && lacking.includes(task.workload));
  const meanMs = trials.reduce((sum, { durationMs }) => sum + durationMs, 0) / Math.max(1, trials.length);
  const fits = plan.budgetMs === undefined || spentMs + meanMs * reserve.length <= plan.budgetMs;
  return fits ? reserve : [];
}
