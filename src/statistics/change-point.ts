import { median } from './quantile.ts';
import { type Random, randomFrom } from './random.ts';
import { midranks } from './ranks.ts';

/** Where a series of runs went to another level, and stayed. */
export interface ChangePoint {
  /** Index of the first value of the new level. */
  at: number;
  /** Chance that a series without a change looks as changed as this, by permutation. */
  p: number;
  /** Medians of the stretches before and after, up to the next change. */
  before: number;
  after: number;
}

export interface ChangeOptions {
  seed: number;
  alpha?: number;
  permutations?: number;
  /** Shortest stretch between two changes; what happened since is the gate's business. */
  shortest?: number;
}

type Cut = Pick<ChangePoint, 'at' | 'p'>;

/** A stretch from `from` up to but not including `to`. */
interface Arc {
  from: number;
  to: number;
  score: number;
}

/**
 * Change points of a series. A stretch whose values stand out against all others is cut out, and so on in every part:
 * circular binary segmentation of Olshen, Venkatraman, Lucito and Wigler, Biostatistics 5 (2004), on ranks, so that one
 * wild night is no change; p-values by permutation with a seed. A stretch that ends with the series is the single change
 * of Pettitt, Applied Statistics 28 (1979), standardised so that it is as sharp near the ends as in the middle.
 * It takes runs for independent: a slow drift is reported as one or more changes. Time grows with the square of the
 * length; a few hundred runs are done at once.
 */
export function changePoints(series: readonly number[], options: ChangeOptions): ChangePoint[] {
  const { alpha = 0.01, permutations = 1999, shortest = 4, seed } = options;
  const random = randomFrom(seed, 'change points');
  const search = (from: number, to: number): Cut[] => {
    const { ranks } = midranks(series.slice(from, to));
    const arc = outstandingArc(ranks, shortest);
    if (!arc) return [];
    const p = chanceOf(arc, ranks, shortest, random, { permutations, alpha });
    if (p > alpha) return [];
    const rough = [arc.from, arc.to].filter((at) => at > 0 && at < ranks.length).map((at) => at + from);
    const places = settled(series, [from, ...rough, to], shortest);
    const borders = [from, ...places, to];
    const inside = borders.slice(1).flatMap((border, i) => search(borders[i] ?? from, border));
    return [...places.map((at) => ({ at, p })), ...inside];
  };
  const cuts = withoutFalseEdges(
    series,
    search(0, series.length).sort((a, b) => a.at - b.at),
  );
  return cuts.map(({ at, p }, i) => ({
    at,
    p,
    before: median(series.slice(cuts[i - 1]?.at ?? 0, at)),
    after: median(series.slice(at, cuts[i + 1]?.at)),
  }));
}

/** Sum of k of the ranks 1 to n: mean k(n+1)/2, variance k(n−k)(n+1)/12 without ties. */
const deviation = (sum: number, k: number, n: number): number =>
  Math.abs(sum - (k * (n + 1)) / 2) / Math.sqrt((k * (n - k) * (n + 1)) / 12);

function outstandingArc(ranks: readonly number[], shortest: number): Arc | undefined {
  const n = ranks.length;
  const sums = [0];
  for (const rank of ranks) sums.push((sums.at(-1) ?? 0) + rank);
  let best: Arc | undefined;
  for (let from = 0; from <= n - shortest; from = from === 0 ? shortest : from + 1) {
    for (let to = from + shortest; to <= n; to = to === n - shortest ? n : to + 1) {
      if ((to > n - shortest && to < n) || to - from > n - shortest) continue;
      const score = deviation((sums[to] ?? 0) - (sums[from] ?? 0), to - from, n);
      if (!best || score > best.score) best = { from, to, score };
    }
  }
  return best;
}

/**
 * Ranks say that there is a change better than where: each place moves to where its two neighbouring stretches are
 * nearest to their own medians (least absolute deviations).
 * @param borders the ends of the stretch with the places between them
 */
function settled(series: readonly number[], borders: readonly number[], shortest: number): number[] {
  const moved = [...borders];
  for (let i = 1; i < moved.length - 1; i++) {
    const [start = 0, at = 0, end = 0] = moved.slice(i - 1, i + 2);
    let best = { at, cost: Number.POSITIVE_INFINITY };
    for (let to = start + shortest; to <= end - shortest; to++) {
      const cost = spread(series.slice(start, to)) + spread(series.slice(to, end));
      if (cost < best.cost) best = { at: to, cost };
    }
    moved[i] = best.at;
  }
  return moved.slice(1, -1);
}

function spread(values: readonly number[]): number {
  const middle = median(values);
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0);
}

/**
 * The series itself counts as one of the permutations, so p is never 0; it ends early once p is above α for sure:
 * Besag and Clifford, Biometrika 78 (1991).
 */
function chanceOf(
  { score }: Arc,
  ranks: readonly number[],
  shortest: number,
  random: Random,
  { permutations, alpha }: { permutations: number; alpha: number },
): number {
  let asFar = 1;
  for (let done = 1; done <= permutations; done++) {
    const drawn = outstandingArc(random.shuffled(ranks), shortest)?.score ?? 0;
    if (drawn >= score - 1e-9) asFar += 1;
    if (asFar > alpha * (permutations + 1)) return asFar / (done + 1);
  }
  return asFar / (permutations + 1);
}

/** An end of a stretch that its two neighbours do not show (5 %, rank sums): noise moved it there. The weakest goes first. */
function withoutFalseEdges(series: readonly number[], cuts: Cut[]): Cut[] {
  const strengths = cuts.map(({ at }, i) => {
    const start = cuts[i - 1]?.at ?? 0;
    const { ranks } = midranks(series.slice(start, cuts[i + 1]?.at));
    const sum = ranks.slice(0, at - start).reduce((total, rank) => total + rank, 0);
    return deviation(sum, at - start, ranks.length);
  });
  const weakest = Math.min(...strengths);
  if (!(weakest < 1.96)) return cuts;
  return withoutFalseEdges(
    series,
    cuts.filter((_, i) => i !== strengths.indexOf(weakest)),
  );
}
