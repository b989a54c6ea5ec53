import type { ComparedWorkload, ComparisonRecord, TrialRecord, Workload } from '../../model/comparison.ts';
import type { Histogram } from '../../model/measurement.ts';
import { type ExitCode, exitCode } from '../../util/errors.ts';
import { adviceOf } from './advice.ts';
import { balanceOf, type WeightedServer } from './balance.ts';
import { comparedFigure } from './figures.ts';
import { passageOf } from './passage.ts';

export interface Pooling {
  /** All samples in one histogram. */
  pooled(histograms: Histogram[]): Histogram;
  /** The real servers of a variant under a workload, with the weights that held. */
  serversOf(workload: string, variant: string): WeightedServer[];
}

/** What the trials say, workload by workload. Pure: the same trials give the same, and so do old ones. */
export function comparedWorkloads(
  { plan, variants, trials }: Pick<ComparisonRecord, 'plan' | 'variants' | 'trials'>,
  workloads: readonly Workload[],
  { pooled, serversOf }: Pooling,
): ComparedWorkload[] {
  return workloads.map((workload) => {
    const own = trials.filter((trial) => trial.workload === workload.id);
    const good = (variant: string): TrialRecord[] =>
      own.filter((trial) => trial.variant === variant && trial.inconclusive === undefined);
    const measured = variants.filter(({ unsupported }) => unsupported === undefined);
    const figures = workload.figures.map((kind) =>
      comparedFigure(kind, { trials: own, variants, base: plan.base, blocks: plan.blocks, seed: plan.seed }),
    );
    const [deciding] = figures;
    const passage = passageOf(own, measured);
    const advice = deciding ? adviceOf(workload, deciding, plan, variants) : '';
    return {
      workload,
      figures,
      balance: measured.flatMap(
        ({ name }) => balanceOf(name, good(name), serversOf(workload.id, name)) ?? [],
      ),
      histograms: measured.flatMap(({ name }) => {
        const own = good(name).flatMap(({ histogram }) => histogram ?? []);
        return own.length === 0 ? [] : [{ variant: name, histogram: pooled(own) }];
      }),
      advice: passage === undefined ? advice : `${advice} ${passage}`,
    };
  });
}

/**
 * 0 once every workload's deciding figure has a verdict for some variant; a comparison that could judge nothing of one
 * of them is inconclusive.
 */
export function exitOfComparison(
  record: Pick<ComparisonRecord, 'workloads' | 'trials' | 'faults'>,
  interrupted: boolean,
): ExitCode {
  if (interrupted) return exitCode.interrupted;
  if (record.trials.length === 0)
    return record.faults.length > 0 ? exitCode.inconclusive : exitCode.nothingRan;
  const judged = record.workloads.every(({ figures: [deciding] }) =>
    deciding?.rows.some(
      ({ verdict }) => verdict === 'better' || verdict === 'worse' || verdict === 'no evidence',
    ),
  );
  return judged && record.faults.length === 0 ? exitCode.conformant : exitCode.inconclusive;
}
