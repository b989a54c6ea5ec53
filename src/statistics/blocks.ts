import { randomFrom } from './random.ts';

/** One measurement of a block. */
export interface Slot {
  variant: string;
  /** The base measured a second time: A/A. What differs between it and the base is noise. */
  control: boolean;
}

/**
 * Randomised complete blocks: in every block every variant once, and the base once more as control, in an order drawn
 * anew. Drift from block to block then affects all variants alike. Fisher, «The Design of Experiments» (1935), §20 ff.;
 * Box, Hunter and Hunter, «Statistics for Experimenters», chapter 4.
 * @param base one of `variants`
 * @returns the blocks in order. A longer plan from the same seed starts with the shorter one, so a run can be resumed.
 * @throws {RangeError} for variants that occur twice, or a base that is none of them
 */
export function randomisedBlocks(plan: {
  variants: readonly string[];
  base: string;
  blocks: number;
  seed: number;
}): Slot[][] {
  const { variants, base, blocks, seed } = plan;
  if (new Set(variants).size !== variants.length)
    throw new RangeError(`a variant occurs twice: ${variants.join(', ')}`);
  if (!variants.includes(base)) throw new RangeError(`the base ${base} is not among ${variants.join(', ')}`);
  const slots = [
    ...variants.map((variant) => ({ variant, control: false })),
    { variant: base, control: true },
  ];
  const random = randomFrom(seed, 'order of blocks');
  return Array.from({ length: blocks }, () => random.shuffled(slots));
}
