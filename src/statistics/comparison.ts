/** What comes of comparing variants in blocks; plain data for reports. */

/** What one variant measured, a value per block; undefined where the block gave none. */
export interface Trial {
  name: string;
  values: readonly (number | undefined)[];
}

/** How a variant stands to the base. Ratios above 1: the variant's figure is the larger one. */
export interface Estimate {
  name: string;
  /** Blocks in which both were measured. */
  pairs: number;
  /** Median of variant / base over the blocks, with its interval; null where there are no pairs. */
  ratio: number | null;
  low: number | null;
  high: number | null;
  /** Two-sided, of the signed-rank test on ln(variant / base), not corrected. */
  p: number;
}

export type ComparisonVerdict = 'better' | 'worse' | 'no evidence' | 'not judged';

export interface ComparedVariant extends Estimate {
  /** Corrected by Holm for the number of variants. */
  pAdjusted: number;
  verdict: ComparisonVerdict;
  /** For `no evidence` and `not judged`: why, as a clause. */
  reason?: string;
  /** The whole interval is nearer to 1 than the smallest effect that matters: as good as equal. */
  alike: boolean;
}

export interface Comparison {
  base: string;
  better: 'higher' | 'lower';
  /** Smallest change that matters, as a share: 0.05. */
  effect: number;
  alpha: number;
  seed: number;
  /** The base against itself (A/A); its interval is the noise band. */
  control: Estimate;
  variants: ComparedVariant[];
}
