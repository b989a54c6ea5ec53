/** Medians and other quantiles of plain samples; histograms have their own in src/probe/histogram.ts. */

/**
 * @param p from 0 to 1. Between two samples it interpolates linearly: type 7 of Hyndman and Fan, «Sample Quantiles in
 * Statistical Packages», The American Statistician 50 (1996).
 * @throws {RangeError} without samples, or where one is not a number
 */
export function quantile(samples: readonly number[], p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile is from 0 to 1, not ${p}`);
  if (samples.length === 0) throw new RangeError('no samples, so no quantile');
  if (samples.some(Number.isNaN)) throw new RangeError('a sample is not a number');
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * p;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (place - Math.floor(place));
}

/** @throws {RangeError} as `quantile`. */
export const median = (samples: readonly number[]): number => quantile(samples, 0.5);
