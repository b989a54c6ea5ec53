import type { ComparisonPlan } from '../../model/comparison.ts';
import type { TrialTask } from '../../model/job.ts';
import { randomisedBlocks } from '../../statistics/blocks.ts';
import { randomFrom } from '../../statistics/random.ts';

/** As the order of a plan calls the base's second turn in a block. */
export const controlName = (base: string): string => `${base} (A/A)`;

/** Names in the order of measuring, block by block. The same seed gives the same; a longer plan begins as a shorter one. */
export const orderOf = (
  variants: readonly string[],
  base: string,
  blocks: number,
  seed: number,
): string[][] =>
  randomisedBlocks({ variants, base, blocks, seed }).map((block) =>
    block.map(({ variant, control }) => (control ? controlName(variant) : variant)),
  );

/** What is known of a workload when its trials are planned. */
export interface PlannedWorkload {
  id: string;
  trialMs: number;
  factor: number;
}

/** Where a variant is measured under a workload. */
export interface PlannedLab {
  /** Index into the job's labs. */
  lab: number;
  direct: boolean;
}

/**
 * Every trial of the plan, in order: block by block, in each the workloads one after the other, since the lab of a
 * workload can often stay for all of its variants.
 */
export function tasksOf(
  plan: Pick<ComparisonPlan, 'order' | 'base' | 'seed'>,
  workloads: readonly PlannedWorkload[],
  labOf: (workload: string, variant: string) => PlannedLab,
): TrialTask[] {
  const { base, seed } = plan;
  return plan.order
    .flatMap((names, block) =>
      workloads.flatMap(({ id, trialMs, factor }) =>
        names.map((name) => {
          const control = name === controlName(base);
          const variant = control ? base : name;
          const arrivals = randomFrom(seed, `${id}, block ${block}`).uint32();
          return {
            workload: id,
            variant,
            control,
            block,
            trialMs,
            factor,
            seed: arrivals,
            ...labOf(id, variant),
          };
        }),
      ),
    )
    .map((task, order) => ({ ...task, order }));
}

/** Runs of neighbours that are measured in one place: one sandbox each. */
export function segments<T>(tasks: readonly T[], placeOf: (task: T) => string): T[][] {
  const runs: T[][] = [];
  let place: string | undefined;
  for (const task of tasks) {
    const next = placeOf(task);
    if (next === place) runs.at(-1)?.push(task);
    else runs.push([task]);
    place = next;
  }
  return runs;
}
