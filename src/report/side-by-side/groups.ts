import type { Figure, LatencyChart } from '../../model/measurement.ts';
import type { CheckResult, RunRecord } from '../../model/record.ts';
import { fidelityLabel } from '../text/fidelity.ts';
import { figureValue } from '../text/figure.ts';

export interface ShownRun {
  /** Short name for the head of a column: A, B, C, … */
  letter: string;
  record: RunRecord;
}

export interface FigureRow {
  id: string;
  figure: Figure;
  /** One per run of the group. */
  values: (number | undefined)[];
  /** The same as text. */
  texts: string[];
}

/** Runs whose figures may stand on one axis, since they carry the same label. */
export interface FidelityGroup {
  label: string;
  runs: ShownRun[];
  figures: FigureRow[];
  /** Curves of the same thing, one per run. */
  charts: { id: string; chart: LatencyChart }[];
}

export function groupsOf(runs: ShownRun[]): FidelityGroup[] {
  const labels = [...new Set(runs.map(({ record }) => fidelityLabel(record.fidelity)))];
  return labels.map((label) => {
    const own = runs.filter(({ record }) => fidelityLabel(record.fidelity) === label);
    return { label, runs: own, figures: figuresOf(own), charts: chartsOf(own) };
  });
}

function figuresOf(runs: ShownRun[]): FigureRow[] {
  const seen = new Map<string, FigureRow>();
  runs.forEach(({ record }, index) => {
    for (const { id, figures } of record.results) {
      for (const figure of figures) {
        const key = JSON.stringify([id, figure.name, figure.unit]);
        const row = seen.get(key) ?? {
          id,
          figure,
          values: runs.map(() => undefined),
          texts: runs.map(() => '–'),
        };
        row.values[index] = figure.value;
        row.texts[index] = figureValue(figure);
        seen.set(key, row);
      }
    }
  });
  return [...seen.values()];
}

function chartsOf(runs: ShownRun[]): { id: string; chart: LatencyChart }[] {
  const seen = new Map<string, { id: string; chart: LatencyChart; runs: Set<string> }>();
  for (const { letter, record } of runs) {
    for (const { result, chart } of record.results.flatMap(latencyCharts)) {
      for (const { name, histogram } of chart.series) {
        const key = JSON.stringify([result.id, chart.title, name]);
        const title = chart.series.length > 1 ? `${chart.title}, ${name}` : chart.title;
        const one = seen.get(key) ?? {
          id: result.id,
          chart: { ...chart, title, series: [] },
          runs: new Set(),
        };
        one.chart.series.push({ name: letter, histogram });
        one.runs.add(letter);
        seen.set(key, one);
      }
    }
  }
  return [...seen.values()].filter((one) => one.runs.size > 1).map(({ id, chart }) => ({ id, chart }));
}

function latencyCharts(result: CheckResult): { result: CheckResult; chart: LatencyChart }[] {
  return result.charts.flatMap((chart) => (chart.kind === 'latency' ? [{ result, chart }] : []));
}

/** `+3.2 %` against the first value of the row; empty where there is nothing to compare. */
export function changeAgainst(first: number | undefined, value: number | undefined): string {
  if (first === undefined || value === undefined || first === 0) return '';
  if (value === first) return '=';
  const percent = (value / first - 1) * 100;
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %`;
}

/** Why figures are not side by side; undefined where they all are. */
export function apartSentence(groups: FidelityGroup[]): string | undefined {
  if (groups.length < 2) return undefined;
  const parts = groups.map(({ label, runs }) => `${runs.map(({ letter }) => letter).join(', ')} in ${label}`);
  return `Figures were measured in different surroundings and are not compared across them: ${parts.join('; ')}.`;
}

export const singleRuns =
  'Each value is one run: a difference here is a reason to measure again, not yet a finding.';
