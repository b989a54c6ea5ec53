import type { ComparisonPlan } from '../../../model/comparison.ts';
import type { RunEvent } from '../../../model/events.ts';
import type { WantedPlan } from '../../../model/state.ts';
import type { PlannedWorkload } from '../../../run/compare/plan.ts';
import { orderOf } from '../../../run/compare/plan.ts';
import { blocksWithin, fewestBlocks } from '../../../statistics/budget.ts';
import { UsageError } from '../../../util/errors.ts';
import { workloadOf } from './labs.ts';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** What was learnt before the first block: rates that the instrument keeps up with, and how long a trial takes. */
export interface Calibration {
  workloads: (PlannedWorkload & { tookMs: number })[];
}

/** With fewer blocks a median of paired ratios is a matter of luck, whatever the test says. */
const usualBlocks = 7;
/** Trials take longer than in a short calibration now and then, and some are tried twice. */
const longer = 1.1;
/** Planned behind the others, for what came to nothing. More is no use: a machine that bad gives no figures anyway. */
const reserveBlocks = 2;

export interface Calibrated {
  ids: readonly string[];
  /** Of one trial of each workload in turn, after a first one of the first workload: that one also built the lab. */
  ends: readonly EventOf<'trial-end'>[];
  /** As the user wants it. */
  trialMs: number | undefined;
  /** One lab serves all trials of a workload in a block; otherwise each has one built. */
  stays: boolean;
  /** What starting a sandbox takes, where each trial has one started. */
  sandboxMs: number;
}

export function calibrationOf({ ids, ends, trialMs, stays, sandboxMs }: Calibrated): Calibration {
  const [cold, steady, ...others] = ends;
  const buildMs = Math.max(0, (cold?.tookMs ?? 0) - (steady?.tookMs ?? 0));
  return {
    workloads: ids.map((id, i) => {
      const end = i === 0 ? (steady ?? cold) : others[i - 1];
      const factor = Math.min(end?.factor ?? 1, i === 0 ? (cold?.factor ?? 1) : 1);
      const tried = trialMs ?? workloadOf(id).trialMs;
      const own = plannedTrialMs(id, factor, trialMs);
      // All but the second of the calibration's trials had their lab built.
      const built = i === 0 ? buildMs : 0;
      const tookMs = (end?.tookMs ?? 3 * tried) + own - tried + (stays ? built - buildMs : built);
      return { id, trialMs: own, factor, tookMs: longer * (Math.max(own, tookMs) + sandboxMs) };
    }),
  };
}

/** At a lower rate for longer: percentiles need as many answers. */
export const plannedTrialMs = (id: string, factor: number, wanted: number | undefined): number =>
  wanted ?? Math.round(workloadOf(id).trialMs / factor);

export interface Sizing {
  wanted: WantedPlan;
  calibration: Calibration;
  /** Names of those that can be measured, the base among them. */
  variants: string[];
  /** Since the command was given, and until the first trial begins. */
  beforeMs: number;
}

/**
 * The plan, with the number of blocks that the user said, or that fits the budget.
 * @throws {UsageError} where not even one block fits.
 */
export function planOf({ wanted, calibration, variants, beforeMs }: Sizing): ComparisonPlan {
  const { seed, base, budgetMs, changes } = wanted;
  const fewest = fewestBlocks(Math.max(1, variants.length - 1));
  const trialMs = calibration.workloads.reduce((sum, { tookMs }) => sum + tookMs, 0);
  let blocks = wanted.blocks ?? Math.max(usualBlocks, fewest);
  if (wanted.blocks === undefined && budgetMs !== undefined) {
    const within = blocksWithin({ budgetMs, beforeMs, trialMs, variants: variants.length });
    if (within.blocks === 0)
      throw new UsageError(
        `${minutes(budgetMs)} is not enough for one block of ${variants.length + 1} trials`,
        {
          hint: `a verdict needs ${fewest} blocks: --budget ${wholeMinutes(within.needsMs)}m`,
        },
      );
    blocks = within.blocks;
  }
  // With fewer than the fewest nothing is judged, and more of it would not help.
  const reserve = blocks >= fewest ? reserveBlocks : 0;
  return {
    seed,
    base,
    blocks,
    reserve,
    fewest,
    trialMs: Math.max(...calibration.workloads.map((one) => one.trialMs)),
    ...(budgetMs !== undefined && { budgetMs }),
    rates: calibration.workloads.map(({ id, factor }) => ({
      workload: id,
      rateHz: workloadOf(id).rateHz * factor,
      ...(factor < 0.99 && {
        why: `the prober cannot keep up with ${workloadOf(id).rateHz} per second here`,
      }),
    })),
    changes,
    order: orderOf(variants, base, blocks + reserve, seed),
  };
}

/** Said before the first block, so that nobody waits for what cannot come. */
export function planText(plan: ComparisonPlan, calibration: Calibration): string {
  const perBlock = (plan.order[0] ?? []).length * calibration.workloads.length;
  const tookMs =
    calibration.workloads.reduce((sum, one) => sum + one.tookMs, 0) * (plan.order[0] ?? []).length;
  const size = `${plan.blocks} block${plan.blocks === 1 ? '' : 's'} of ${perBlock} trials, about ${minutes(plan.blocks * tookMs)}; seed ${plan.seed}`;
  if (plan.blocks >= plan.fewest)
    return `${size}. Needed for a verdict: ${plan.fewest}; ${plan.reserve ?? 0} more in reserve for trials without figures`;
  const needs = `${plan.fewest} blocks, about ${minutes(plan.fewest * tookMs)}`;
  return `${size}. Too few for any verdict: that needs ${needs}, so nothing will be judged`;
}

const wholeMinutes = (ms: number): number => Math.ceil(ms / 60_000);

export const minutes = (ms: number): string =>
  ms < 90_000
    ? `${Math.round(ms / 1000)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
