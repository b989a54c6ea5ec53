import { medianInterval } from './bootstrap.ts';
import { fewestBlocks } from './budget.ts';
import type { ComparedVariant, Comparison, Estimate, Trial } from './comparison.ts';
import { holm } from './holm.ts';
import { median } from './quantile.ts';
import { signedRankTest } from './wilcoxon.ts';

export interface CompareOptions {
  base: Trial;
  /** The base measured again in every block. */
  control: Trial;
  variants: readonly Trial[];
  better: 'higher' | 'lower';
  seed: number;
  /** Smallest change that matters, as a share. */
  effect?: number;
  alpha?: number;
  resamples?: number;
}

/**
 * Compares variants with the base, block by block: median of the paired ratios, its bootstrap interval, signed-rank test
 * with Holm's correction. A variant is better or worse only where the corrected p is at most α, the interval leaves 1 out
 * and the median differs by at least `effect`. Nothing is judged where the base measured twice differs from itself by
 * more than `effect`. Ratios are taken as logarithms: exchange base and variant, and all figures are exactly reversed.
 * One family is the variants of one figure; several figures or workloads are several families.
 */
export function compareVariants(options: CompareOptions): Comparison {
  const { base, control, variants, better, seed, effect = 0.05, alpha = 0.05 } = options;
  const estimate = (trial: Trial): Estimate => estimateOf(base, trial, options);
  const aa = estimate(control);
  const estimates = variants.map(estimate);
  const adjusted = holm(estimates.map(({ p }) => p));
  const fewest = fewestBlocks(Math.max(1, variants.length), alpha);
  const worthless = whyNoneIsJudged(aa, base, effect);
  const judged = estimates.map((one, i): ComparedVariant => {
    const row = { ...one, pAdjusted: adjusted[i] ?? 1, alike: inBand(one, effect) };
    const why = worthless ?? whyNotJudged(one, base, variants[i], fewest);
    if (why !== undefined) return { ...row, alike: false, verdict: 'not judged', reason: why };
    const reason = whyNoEvidence(row, effect, alpha);
    if (reason !== undefined) return { ...row, verdict: 'no evidence', reason };
    const larger = ratioOf(one) > 1;
    return { ...row, verdict: larger === (better === 'higher') ? 'better' : 'worse' };
  });
  return { base: base.name, better, effect, alpha, seed, control: aa, variants: judged };
}

const isMeasured = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value);

function estimateOf(base: Trial, trial: Trial, { seed, resamples, alpha = 0.05 }: CompareOptions): Estimate {
  const logs = trial.values.flatMap((value, block) => {
    const against = base.values[block];
    return isMeasured(value) && isMeasured(against) && value > 0 && against > 0
      ? Math.log(value / against)
      : [];
  });
  if (logs.length === 0) return { name: trial.name, pairs: 0, ratio: null, low: null, high: null, p: 1 };
  const { low, high } = medianInterval(logs, seed, { level: 1 - alpha, ...(resamples && { resamples }) });
  return {
    name: trial.name,
    pairs: logs.length,
    ratio: Math.exp(median(logs)),
    low: Math.exp(low),
    high: Math.exp(high),
    p: signedRankTest(logs).p,
  };
}

const ratioOf = ({ ratio }: Estimate): number => ratio ?? 1;

const inBand = ({ low, high }: Estimate, effect: number): boolean =>
  low !== null && high !== null && low >= 1 / (1 + effect) && high <= 1 + effect;

const reaches = (ratio: number, effect: number): boolean =>
  Math.abs(Math.log(ratio)) >= Math.log1p(effect) - 1e-12;

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

const changeOf = (ratio: number): string => percent(Math.abs(ratio - 1));

function whyNoneIsJudged(aa: Estimate, base: Trial, effect: number): string | undefined {
  if (aa.pairs === 0) return `${base.name} was never measured against itself`;
  if (Math.abs(Math.log(ratioOf(aa))) > Math.log1p(effect))
    return `${base.name} measured twice differs from itself by ${changeOf(ratioOf(aa))}, more than the ${percent(effect)} that matter`;
  return undefined;
}

function whyNotJudged(
  one: Estimate,
  base: Trial,
  trial: Trial | undefined,
  fewest: number,
): string | undefined {
  const zero = [base, trial].find((each) => each?.values.some((value) => isMeasured(value) && value <= 0));
  if (zero) return `${zero.name} measured a value that is not above 0, which has no ratio`;
  if (one.pairs < fewest)
    return `${one.pairs} blocks with both cannot show a difference at this many comparisons: at least ${fewest} are needed`;
  return undefined;
}

function whyNoEvidence(
  row: Estimate & { pAdjusted: number },
  effect: number,
  alpha: number,
): string | undefined {
  if (row.pAdjusted > alpha) return `chance alone gives as much (p ${row.pAdjusted.toPrecision(2)})`;
  if ((row.low ?? 0) <= 1 && (row.high ?? 1) >= 1) return 'the interval holds «no difference»';
  if (!reaches(ratioOf(row), effect))
    return `the difference of ${changeOf(ratioOf(row))} is below the ${percent(effect)} that matter`;
  return undefined;
}
