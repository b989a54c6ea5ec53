import type { Verdict } from '../../model/check.ts';
import type { FigureOutcome, GatedFigure, GateResult } from '../../model/history.ts';
import { change, plural, quantity } from '../text/units.ts';
import { type RunHistory, runsIn } from './history.ts';

export const outcomeTone: Record<FigureOutcome, Verdict> = {
  regression: 'fail',
  suspected: 'warn',
  'not measured': 'inconclusive',
  'not confirmed': 'warn',
  improvement: 'pass',
  'no change': 'pass',
  'not enough history': 'unsupported',
};

export const outcomeMark: Record<FigureOutcome, string> = {
  regression: '✗',
  suspected: '!',
  'not measured': '?',
  'not confirmed': '!',
  improvement: '▲',
  'no change': '✓',
  'not enough history': '–',
};

export interface GateWords {
  tone: Verdict;
  headline: string;
  /** A sentence. */
  detail: string;
}

/** What the gate says, never greener than its verdict. */
export function gateWords(history: RunHistory): GateWords {
  const { gate } = history;
  if (!gate)
    return { tone: 'unsupported', headline: plural(runsIn(history), 'run'), detail: 'No run was judged.' };
  return { ...headlineOf(gate), detail: gate.reason.charAt(0).toUpperCase() + gate.reason.slice(1) };
}

function headlineOf({ verdict, confirmed }: GateResult): Pick<GateWords, 'tone' | 'headline'> {
  switch (verdict) {
    case 'regression':
      return confirmed
        ? { tone: 'fail', headline: 'Regression' }
        : { tone: 'warn', headline: 'Regression suspected, not confirmed' };
    case 'not measured':
      return { tone: 'inconclusive', headline: 'Not measured' };
    case 'improvement':
      return { tone: 'pass', headline: 'Improvement' };
    case 'no change':
      return { tone: 'pass', headline: 'No regression' };
    case 'not enough history':
      return { tone: 'unsupported', headline: 'Not enough history' };
  }
}

/** `4.2 ms, 3.5 × of 1.2 ms; up to 1.4 ms is noise; 4.1 ms in the first of the two runs` */
export function figureWords(figure: GatedFigure): string {
  const { value, firstValue, centre, unit } = figure;
  const limit = figure.better === 'lower' ? figure.high : figure.low;
  const parts = [
    value === undefined ? 'not measured in this run' : against(value, centre, unit),
    ...(limit === undefined || value === undefined
      ? []
      : [`${figure.better === 'lower' ? 'up' : 'down'} to ${quantity(limit, unit)} is noise`]),
    ...(firstValue === undefined ? [] : [`${quantity(firstValue, unit)} in the first of the two runs`]),
  ];
  return parts.join('; ');
}

function against(value: number, centre: number | undefined, unit: string): string {
  const now = quantity(value, unit);
  if (centre === undefined) return now;
  const then = quantity(centre, unit);
  if (!(centre > 0) || value < 0) return `${now}, against ${then}`;
  return `${now}, ${change(value / centre)} against ${then}`;
}

/** Whether a second run is needed, was done, or was not. */
export function confirmation(gate: GateResult): string {
  if (gate.confirmed) return 'Confirmed by a second run.';
  if (gate.needsConfirming) return 'Seen once: run the same again to confirm it.';
  return '';
}
