import type { ProbePoint } from '../../model/measurement.ts';

export const mostPoints = 20_000;

/** At most `most` points, evenly left out: good ones first, bad ones only where they alone are too many. */
export function downsample<T extends ProbePoint>(points: T[], most = mostPoints): T[] {
  if (points.length <= most) return points;
  const bad = points.filter((point) => point.error !== undefined).length;
  const keepBad = Math.min(1, most / Math.max(1, bad));
  const keepGood = Math.max(0, most - bad) / Math.max(1, points.length - bad);
  const credit = { good: 0, bad: 0 };
  return points.filter((point) => {
    const kind = point.error === undefined ? 'good' : 'bad';
    credit[kind] += kind === 'good' ? keepGood : keepBad;
    // Sums of fractions fall a hair short of whole numbers.
    if (credit[kind] < 1 - 1e-9) return false;
    credit[kind] -= 1;
    return true;
  });
}
