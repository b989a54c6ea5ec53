/** How many blocks a comparison needs and how many fit; decided before the first measurement, never after a look. */

/**
 * The fewest blocks with which a signed-rank test corrected by Holm can find anything at all: its smallest p is 2 / 2ⁿ.
 * @param comparisons variants compared with the base
 */
export function fewestBlocks(comparisons: number, alpha = 0.05): number {
  let blocks = 2;
  while (comparisons * 2 ** (1 - blocks) > alpha) blocks += 1;
  return blocks;
}

export interface Budget {
  budgetMs: number;
  /** Once, before the first block: building labs, calibration. */
  beforeMs: number;
  /** One measurement with the reset before it. */
  trialMs: number;
  /** With the base, without the control. */
  variants: number;
}

export interface BlockPlan {
  /** That fit; 0 where not even one does. */
  blocks: number;
  /** Needed for any verdict. */
  fewest: number;
  enough: boolean;
  /** Budget that the fewest blocks need. */
  needsMs: number;
  /** Longest measurement of which the fewest blocks fit; not above 0 where none does. */
  longestTrialMs: number;
}

/** Every block measures each variant once and the base once more, as control. */
export function blocksWithin({ budgetMs, beforeMs, trialMs, variants }: Budget, alpha = 0.05): BlockPlan {
  const trials = variants + 1;
  const fewest = fewestBlocks(Math.max(1, variants - 1), alpha);
  const blocks = Math.max(0, Math.floor((budgetMs - beforeMs) / (trials * trialMs)));
  return {
    blocks,
    fewest,
    enough: blocks >= fewest,
    needsMs: beforeMs + fewest * trials * trialMs,
    longestTrialMs: Math.floor((budgetMs - beforeMs) / (fewest * trials)),
  };
}
