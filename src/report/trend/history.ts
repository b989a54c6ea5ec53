import type { Fingerprint, GatedFigure, GateResult, Trend } from '../../model/history.ts';

/** A run among the runs before it. */
export interface RunHistory {
  /** What all runs here have in common; runs with another are never drawn beside them. */
  fingerprint: Fingerprint;
  /** Of the runs with that fingerprint, this one included. */
  trends: Trend[];
  /** Missing where nothing was asked. */
  gate?: GateResult;
  /** ID of the run that was judged; it is marked. */
  run?: string;
}

export interface TrendView {
  trend: Trend;
  gated?: GatedFigure;
}

/** What the gate found first, in its order; then the others as they come. */
export function viewsOf({ trends, gate }: RunHistory): TrendView[] {
  const same = (one: Trend, other: GatedFigure): boolean =>
    one.check === other.check && one.name === other.name && one.unit === other.unit;
  const figures = gate?.figures ?? [];
  const judged = figures.flatMap((gated) => {
    const trend = trends.find((one) => same(one, gated));
    return trend ? [{ trend, gated }] : [];
  });
  const others = trends.filter((trend) => !figures.some((gated) => same(trend, gated)));
  return [...judged, ...others.map((trend) => ({ trend }))];
}

/** Runs behind the longest trend. */
export const runsIn = ({ trends }: RunHistory): number =>
  Math.max(0, ...trends.map(({ points }) => points.length));
