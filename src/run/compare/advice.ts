import type {
  ComparedFigure,
  ComparedRow,
  ComparisonPlan,
  Variant,
  Workload,
} from '../../model/comparison.ts';

/** For which load which variant, and how sure that is: sentences for one who reads nothing else. Pure. */
export function adviceOf(
  { title }: Pick<Workload, 'title'>,
  figure: ComparedFigure,
  plan: Pick<ComparisonPlan, 'base' | 'blocks' | 'fewest'>,
  variants: readonly Variant[],
): string {
  const { kind, rows, control } = figure;
  const of = (verdict: ComparedRow['verdict']) => rows.filter((row) => row.verdict === verdict);
  const [better, worse, open, unjudged, unsupported] = [
    of('better'),
    of('worse'),
    of('no evidence'),
    of('not judged'),
    of('unsupported'),
  ];
  const measured = better.length + worse.length + open.length;
  const sentences: string[] = [];
  const last = unsupported.map(({ variant, reason }) => `${variant} could not be measured: ${reason}.`);
  if (measured === 0) {
    sentences.push(`Not judged for ${title}: ${whyNot(figure, plan)}.`, ...last);
    return sentences.join(' ');
  }
  const best = better.toSorted((a, b) => gain(b, kind.better) - gain(a, kind.better))[0];
  if (best) {
    const alike = better.filter((row) => row !== best && overlap(row, best));
    const behind = better.filter((row) => row !== best && !overlap(row, best));
    const choice = list(
      [best, ...alike].map(({ variant }) => variant),
      'or',
    );
    sentences.push(
      `For ${title} choose ${choice}: the ${kind.name} with ${best.variant} ${changeText(best, plan.base)}.`,
    );
    if (alike.length > 0)
      sentences.push(
        `Between ${list([best, ...alike].map((row) => row.variant))} this comparison cannot decide.`,
      );
    if (behind.length > 0)
      sentences.push(`Also better than ${plan.base}, but by less: ${list(behind.map(withRatio))}.`);
  } else if (worse.length > 0) {
    sentences.push(`For ${title} keep ${plan.base}: nothing measured better in the ${kind.name}.`);
  } else {
    sentences.push(
      `No evidence of a difference for ${title}: in the ${kind.name} ${list(open.map(({ variant }) => variant))} cannot be distinguished from ${plan.base} in ${plan.blocks} blocks.`,
    );
  }
  if (worse.length > 0) sentences.push(`Worse than ${plan.base}: ${list(worse.map(withRatio))}.`);
  if (open.length > 0 && measured > open.length)
    sentences.push(
      `No evidence of a difference to ${plan.base}: ${list(open.map(({ variant }) => variant))}.`,
    );
  const equal = open.filter(({ alike }) => alike).map(({ variant }) => variant);
  if (equal.length > 0)
    sentences.push(`Practically equal to ${plan.base}, within ${percent(kind.effect)}: ${list(equal)}.`);
  if (unjudged.length > 0)
    sentences.push(`Not judged: ${list(unjudged.map(({ variant, reason }) => `${variant} (${reason})`))}.`);
  if (control.ratio)
    sentences.push(
      `Measured twice, ${plan.base} differed from itself by ${percent(Math.abs(control.ratio.median - 1))}.`,
    );
  const titled = best && variants.find(({ name }) => name === best.variant)?.direct;
  if (titled) sentences.push('Direct requests to the real servers are a yardstick, not a choice.');
  return [...sentences, ...last].join(' ');
}

function whyNot(
  { control, rows }: ComparedFigure,
  { base, blocks, fewest }: Pick<ComparisonPlan, 'base' | 'blocks' | 'fewest'>,
): string {
  const counted = rows.find(({ verdict }) => verdict === 'base')?.n ?? 0;
  if (counted === 0) return `${base} could not be measured`;
  if (blocks < fewest)
    return `${blocks} block${blocks === 1 ? ' was' : 's were'} measured, and fewer than ${fewest} cannot show any difference`;
  if (!control.sound)
    return `${control.reason ?? 'the control was not sound'}; the machine was not steady enough: measure again when less is running on it, or for longer`;
  return rows.find(({ verdict }) => verdict === 'not judged')?.reason ?? 'nothing else could be measured';
}

/** How much better, as a logarithm. */
const gain = ({ ratio }: ComparedRow, better: 'higher' | 'lower'): number =>
  Math.log(ratio?.median ?? 1) * (better === 'higher' ? 1 : -1);

const overlap = (a: ComparedRow, b: ComparedRow): boolean =>
  a.ratio !== undefined &&
  b.ratio !== undefined &&
  a.ratio.low <= b.ratio.high &&
  b.ratio.low <= a.ratio.high;

/** «is 87 % lower than with rr (95 % interval: 84 % lower to 90 % lower; p 0.016, 9 blocks)». */
function changeText({ ratio, p, n }: ComparedRow, base: string): string {
  if (!ratio) return 'differs';
  const [near, far] = ratio.median < 1 ? [ratio.high, ratio.low] : [ratio.low, ratio.high];
  return `is ${change(ratio.median)} than with ${base} (95 % interval: ${change(near)} to ${change(far)}; p ${(p ?? 1).toPrecision(2)}, ${n} blocks)`;
}

const withRatio = ({ variant, ratio }: ComparedRow): string =>
  ratio ? `${variant} (${change(ratio.median)})` : variant;

/** «12 % lower»; from twice on «2.4 times». */
function change(ratio: number): string {
  if (ratio >= 2) return `${ratio.toPrecision(2)} times higher`;
  return `${percent(Math.abs(ratio - 1))} ${ratio < 1 ? 'lower' : 'higher'}`;
}

const percent = (share: number): string => `${Number((100 * share).toFixed(share < 0.1 ? 1 : 0))} %`;

function list(names: readonly string[], word = 'and'): string {
  if (names.length <= 1) return names[0] ?? 'nothing';
  return `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
