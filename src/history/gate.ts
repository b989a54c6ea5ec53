import type { FigureOutcome, GatedFigure, GateResult, RunFigure, RunLine } from '../model/history.ts';
import { fewestForNoise, type NoiseBand, noiseBand } from '../statistics/noise.ts';
import type { Baseline } from './baseline.ts';
import { resultOf } from './gate-result.ts';
import { keyOf, valuesOf } from './line.ts';

export interface GateOptions {
  run: RunLine;
  /** The run before, in which a regression was suspected and which `run` is to confirm. */
  first?: RunLine;
  baseline: Baseline;
  /** Smallest change that matters, as a share of the baseline. */
  effect?: number;
  /** Chance of suspecting anything at all in a run where nothing changed, over all figures together (Bonferroni). */
  alpha?: number;
}

/**
 * Judges the figures of a run that say which way is better: each against the noise band of runs with the same fingerprint.
 * A figure beyond its band and beyond the smallest effect is suspected only; it is a regression when a second run of the
 * same shows it too. An improvement needs no second run, but where there is one it must show in both.
 */
export function gate(options: GateOptions): GateResult {
  const { run, first, baseline, effect = 0.05, alpha = 0.05 } = options;
  const past = baseline.runs.map(valuesOf);
  const [named, now, then] = [baseline.named, run, first].map((line) => line && valuesOf(line));
  const figures = known(baseline, run, first).map((figure) => ({
    figure,
    key: keyOf(figure),
    values: past.flatMap((values) => values.get(keyOf(figure)) ?? []),
    against: named?.get(keyOf(figure)),
  }));
  const enough = figures.filter((one) => hasHistory(one, baseline));
  const tail = alpha / Math.max(1, enough.length);
  const gated = figures.map((one): GatedFigure => {
    const { figure, key, values, against } = one;
    const limits = enough.includes(one)
      ? limitsOf(
          noiseBand(values, {
            centreOf: baseline.centreOf,
            tail,
            ...(against !== undefined && { against }),
          }),
          effect,
        )
      : undefined;
    const [value, firstValue] = [now?.get(key), then?.get(key)];
    const { check, name, unit, better } = figure;
    return {
      ...{ check, name, unit, better, runs: values.length },
      outcome: outcomeOf({ value, firstValue, limits, better, second: first !== undefined }),
      ...(value !== undefined && { value }),
      ...(firstValue !== undefined && { firstValue }),
      ...limits,
    };
  });
  return resultOf(gated, baseline);
}

/**
 * Figures of this run and the first one, and those that this run owes: its check was asked for, and gave it in most runs
 * of the baseline.
 */
function known(baseline: Baseline, run: RunLine, first: RunLine | undefined): RunFigure[] {
  const before = baseline.named ? [baseline.named] : baseline.runs.slice(-baseline.centreOf);
  const all = before.flatMap(({ figures }) => figures);
  const times = new Map<string, number>();
  for (const figure of all) times.set(keyOf(figure), (times.get(keyOf(figure)) ?? 0) + 1);
  const checks = new Set(run.checks);
  const owed = all.filter(
    (figure) => checks.has(figure.check) && (times.get(keyOf(figure)) ?? 0) > before.length / 2,
  );
  const figures = [...owed, ...(first?.figures ?? []), ...run.figures];
  return [...new Map(figures.map((figure) => [keyOf(figure), figure])).values()];
}

interface Past {
  values: number[];
  against: number | undefined;
}

const hasHistory = ({ values, against }: Past, { named, centreOf, incomparable }: Baseline): boolean =>
  incomparable === undefined &&
  values.length >= Math.max(fewestForNoise, centreOf) &&
  (named === undefined || against !== undefined);

type Limits = Required<Pick<GatedFigure, 'centre' | 'low' | 'high'>>;

function limitsOf(band: NoiseBand | undefined, effect: number): Limits | undefined {
  if (!band) return undefined;
  const { centre, low, high } = band;
  const least = effect * Math.abs(centre);
  return { centre, low: Math.min(low, centre - least), high: Math.max(high, centre + least) };
}

function outcomeOf(seen: {
  value: number | undefined;
  firstValue: number | undefined;
  limits: Limits | undefined;
  better: RunFigure['better'];
  /** There was a first run. */
  second: boolean;
}): FigureOutcome {
  const { value, firstValue, limits, better, second } = seen;
  if (value === undefined) return 'not measured';
  if (!limits) return 'not enough history';
  const [now, then] = [value, firstValue].map((one) =>
    one === undefined ? undefined : sideOf(one, limits, better),
  );
  if (!second) return now === 'worse' ? 'suspected' : now === 'better' ? 'improvement' : 'no change';
  if (now === 'worse' && then === 'worse') return 'regression';
  if (now === 'worse' || then === 'worse') return 'not confirmed';
  return now === 'better' && then === 'better' ? 'improvement' : 'no change';
}

function sideOf(value: number, { low, high }: Limits, better: RunFigure['better']): string {
  if (value >= low && value <= high) return 'within';
  return value > high === (better === 'higher') ? 'better' : 'worse';
}
