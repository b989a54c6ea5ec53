import { median } from './quantile.ts';
import { studentQuantile } from './student.ts';

/** Where the next run falls when nothing changed. */
export interface NoiseBand {
  /** Median of the last values. */
  centre: number;
  low: number;
  high: number;
  /** Standard deviation of one run, estimated. */
  sigma: number;
  /** Runs behind it. */
  runs: number;
}

/** With fewer, the noise is a guess. */
export const fewestForNoise = 5;

/**
 * Standard deviation of one run, from how far each is from the one before: median |xᵢ₊₁ − xᵢ| / (√2 · 0.6745). A change of
 * level adds one large step and a wild night two, and the median ignores both; a standard deviation would take either for
 * noise and be blind for weeks. Moving ranges: Montgomery, «Introduction to Statistical Quality Control», 6.4, with the median.
 *
 * Figures come from histograms and counters, so small noise shows as equal values with single steps of the resolution
 * between, and its median range is 0. There it is taken for half a step: so wide are values that fall on two neighbours
 * alternately, and wider ones have another median.
 * @param values in the order of the runs, at least two
 */
export function runNoise(values: readonly number[]): number {
  const steps = values.slice(1).map((value, i) => Math.abs(value - (values[i] ?? value)));
  return Math.max(median(steps) / (Math.SQRT2 * 0.674_489_75), resolutionOf(steps) / 2);
}

/** The smallest step; 0 where steps are so rare that they are changes of level or wild nights. */
function resolutionOf(steps: readonly number[]): number {
  const moved = steps.filter((step) => step > 0);
  return moved.length >= Math.max(2, steps.length / 4) ? Math.min(...moved) : 0;
}

/**
 * The A/A noise band of a series of runs of the same thing: a prediction interval for the next run, Student's t with the
 * degrees of freedom that so many moving ranges are worth (0.35 n + 1: by simulation with normal noise, n from 5 to 30,
 * see noise.test.ts) and the variance of the centre (π/2 · σ²/n for a median) added.
 * @param values in the order of the runs
 * @param centreOf how many of the last the centre is the median of
 * @param against one run to be the centre instead; its own noise is added
 * @param tail probability of a run beyond one end of the band where nothing changed
 * @returns undefined with fewer than five values
 */
export function noiseBand(
  values: readonly number[],
  options: { centreOf?: number; against?: number; tail?: number } = {},
): NoiseBand | undefined {
  const runs = values.length;
  if (runs < fewestForNoise) return undefined;
  const { centreOf = runs, against, tail = 0.025 } = options;
  const sigma = runNoise(values);
  const last = values.slice(-centreOf);
  const centre = against ?? median(last);
  const ofCentre = against === undefined ? Math.PI / 2 / last.length : 1;
  const width = studentQuantile(tail, 0.35 * runs + 1) * sigma * Math.sqrt(1 + ofCentre);
  return { centre, low: centre - width, high: centre + width, sigma, runs };
}
