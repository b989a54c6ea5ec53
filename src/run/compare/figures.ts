import type {
  ComparedFigure,
  ComparedRow,
  FigureKind,
  TrialRecord,
  Variant,
} from '../../model/comparison.ts';
import { medianInterval } from '../../statistics/bootstrap.ts';
import { compareVariants } from '../../statistics/compare.ts';
import type { ComparedVariant, Estimate } from '../../statistics/comparison.ts';
import { median } from '../../statistics/quantile.ts';

/** Trials of one workload, and what they are compared for. */
export interface FigureFrom {
  trials: readonly TrialRecord[];
  variants: readonly Variant[];
  base: string;
  /** Without those of the reserve. */
  blocks: number;
  seed: number;
}

/** One figure of all variants, against the base. */
export function comparedFigure(kind: FigureKind, from: FigureFrom): ComparedFigure {
  const { base, seed } = from;
  const blocks = Math.max(from.blocks, ...from.trials.map(({ block }) => block + 1));
  const valuesOf = (variant: string, control = false): (number | undefined)[] => {
    const values = new Array<number | undefined>(blocks).fill(undefined);
    for (const trial of from.trials)
      if (trial.variant === variant && trial.control === control)
        values[trial.block] = trial.figures[kind.name];
    return values;
  };
  const others = from.variants.filter(({ name, unsupported }) => name !== base && unsupported === undefined);
  const [first, again] = [valuesOf(base), valuesOf(base, true)];
  const compared = compareVariants({
    // Where its first turn came to nothing the second stands in, so that one bad trial costs one pair, not that of all.
    base: { name: base, values: first.map((value, block) => value ?? again[block]) },
    control: {
      name: `${base} again`,
      values: again.map((value, block) => (first[block] === undefined ? undefined : value)),
    },
    variants: others.map(({ name }) => ({ name, values: valuesOf(name) })),
    better: kind.better,
    effect: kind.effect,
    seed,
  });
  const rows = from.variants.map(({ name, unsupported }): ComparedRow => {
    const level = levelOf(valuesOf(name), seed);
    if (unsupported !== undefined)
      return { variant: name, ...level, verdict: 'unsupported', reason: unsupported };
    const judged = compared.variants.find((one) => one.name === name);
    return judged ? rowOf(judged, level) : { variant: name, ...level, verdict: 'base' };
  });
  return { kind, rows, control: controlOf(compared.control, base, kind.effect) };
}

type Level = Pick<ComparedRow, 'median' | 'low' | 'high' | 'n'>;

function levelOf(values: readonly (number | undefined)[], seed: number): Level {
  const measured = values.filter((value) => value !== undefined);
  if (measured.length === 0) return { median: null, low: null, high: null, n: 0 };
  return { median: median(measured), ...medianInterval(measured, seed), n: measured.length };
}

const rowOf = (one: ComparedVariant, level: Level): ComparedRow => {
  const ratio = ratioOf(one);
  return {
    variant: one.name,
    ...level,
    ...(ratio && { ratio, p: one.pAdjusted }),
    verdict: one.verdict,
    ...(one.reason !== undefined && { reason: one.reason }),
    ...(one.alike && { alike: true }),
  };
};

const ratioOf = ({ ratio, low, high }: Estimate): ComparedRow['ratio'] =>
  ratio === null || low === null || high === null ? undefined : { median: ratio, low, high };

/** As `compareVariants` decides it: where the base differs from itself by more than matters, nothing is judged. */
function controlOf(control: Estimate, base: string, effect: number): ComparedFigure['control'] {
  const ratio = ratioOf(control) ?? null;
  const { p } = control;
  if (ratio === null) return { ratio, p, sound: false, reason: `${base} was never measured against itself` };
  if (Math.abs(Math.log(ratio.median)) <= Math.log1p(effect)) return { ratio, p, sound: true };
  const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;
  const reason = `${base} measured twice differs from itself by ${percent(Math.abs(ratio.median - 1))}, more than the ${percent(effect)} that matter`;
  return { ratio, p, sound: false, reason };
}
