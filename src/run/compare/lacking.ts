import type { ComparisonPlan, TrialRecord, Workload } from '../../model/comparison.ts';

/** What a comparison has measured so far. */
export interface MeasuredSoFar {
  plan: Pick<ComparisonPlan, 'base' | 'fewest'>;
  workloads: readonly Pick<Workload, 'id' | 'figures'>[];
  /** Names of all that can be measured, the base among them. */
  variants: readonly string[];
  trials: readonly TrialRecord[];
}

/**
 * The workloads of which a variant, or the base measured again, came to fewer pairs with the base than a verdict needs.
 * Only whether a trial has its deciding figure counts, never how large that is: who measured on because of what he saw
 * would find differences that are not there. Pure.
 */
export function lackingPairs({ plan, workloads, variants, trials }: MeasuredSoFar): string[] {
  return workloads.flatMap(({ id, figures: [deciding] }) => {
    const blocksOf = (variant: string, control: boolean): number[] =>
      trials.flatMap((trial) =>
        trial.workload === id &&
        trial.variant === variant &&
        trial.control === control &&
        deciding !== undefined &&
        trial.figures[deciding.name] !== undefined
          ? [trial.block]
          : [],
      );
    const base = new Set(blocksOf(plan.base, false));
    const again = blocksOf(plan.base, true);
    const either = new Set([...base, ...again]);
    const pairs = [
      again.filter((block) => base.has(block)).length,
      ...variants
        .filter((name) => name !== plan.base)
        .map((name) => blocksOf(name, false).filter((block) => either.has(block)).length),
    ];
    return pairs.some((count) => count < plan.fewest) ? [id] : [];
  });
}
