import type { Fingerprint, GatedFigure, GateResult, NightGate, Trend } from '../../model/history.ts';
import type { RunRecord } from '../../model/record.ts';

/** A run among the runs before it. */
export interface RunHistory {
  /** What all runs here have in common; runs with another are never drawn beside them. */
  fingerprint: Fingerprint;
  /** Of the runs with that fingerprint, this one included. */
  trends: Trend[];
  /** Missing where nothing was asked. */
  gate?: GateResult & Pick<NightGate, 'failOn' | 'confirming'>;
  /** ID of the run that was judged; it is marked. */
  run?: string;
}

/** What a record knows by itself: the gate, not the runs before. */
export const historyIn = ({ gate, id }: Pick<RunRecord, 'gate' | 'id'>): RunHistory | undefined =>
  gate && { fingerprint: gate.fingerprint, trends: [], gate, run: id };

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

/** Runs behind the longest trend; without trends, behind what the gate said. */
export const runsIn = ({ trends, gate }: RunHistory): number =>
  trends.length > 0
    ? Math.max(...trends.map(({ points }) => points.length))
    : Math.max(0, ...(gate?.figures ?? []).map(({ runs }) => runs));
