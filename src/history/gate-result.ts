import type { FigureOutcome, GatedFigure, GateResult, GateVerdict } from '../model/history.ts';
import { fewestForNoise } from '../statistics/noise.ts';
import type { Baseline } from './baseline.ts';

/** From the worst to what tells least. */
const order: FigureOutcome[] = [
  'regression',
  'suspected',
  'not measured',
  'not confirmed',
  'improvement',
  'no change',
  'not enough history',
];

/** What the figures say together. */
export function resultOf(gated: readonly GatedFigure[], baseline: Baseline): GateResult {
  const figures = gated.toSorted(
    (a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome) || changeOf(b) - changeOf(a),
  );
  const has = (outcome: FigureOutcome): boolean => figures.some((figure) => figure.outcome === outcome);
  const verdict = verdictOf(has);
  const suspected = has('suspected') && !has('regression');
  return {
    verdict,
    confirmed: has('regression'),
    needsConfirming: suspected,
    baseline: baseline.name,
    reason: `${reasonOf(verdict, figures, baseline)}.`,
    figures,
  };
}

function verdictOf(has: (outcome: FigureOutcome) => boolean): GateVerdict {
  if (has('regression') || has('suspected')) return 'regression';
  if (has('not measured')) return 'not measured';
  if (has('improvement')) return 'improvement';
  return has('no change') || has('not confirmed') ? 'no change' : 'not enough history';
}

/** How far from the baseline, in widths of the band. */
function changeOf({ value, centre, high }: GatedFigure): number {
  if (value === undefined || centre === undefined || high === undefined) return 0;
  return Math.abs(value - centre) / (high - centre || Number.MIN_VALUE);
}

function reasonOf(verdict: GateVerdict, figures: readonly GatedFigure[], baseline: Baseline): string {
  const of = (...outcomes: FigureOutcome[]): string => namesOf(figures, outcomes);
  const against = `against ${baseline.name}`;
  if (verdict === 'regression') {
    const twice = of('regression');
    return twice === ''
      ? `worse than noise explains, ${against}, seen once: ${of('suspected')}`
      : `worse than noise explains, ${against}, in two runs: ${twice}`;
  }
  if (verdict === 'not measured') return `this run could not measure ${of('not measured')}`;
  if (verdict === 'improvement') return `better than noise explains, ${against}: ${of('improvement')}`;
  if (verdict === 'not enough history') return tooLittle(figures, baseline);
  const once = of('not confirmed');
  const nothing = `nothing beyond noise ${against}`;
  return once === '' ? nothing : `${nothing}; worse in one of two runs only: ${once}`;
}

/** The worst by name; a check that gave none of its figures would fill a screen. */
function namesOf(figures: readonly GatedFigure[], outcomes: readonly FigureOutcome[]): string {
  const names = figures
    .filter(({ outcome }) => outcomes.includes(outcome))
    .map(({ check, name }) => `${check} ${name}`);
  const named = names.slice(0, 4).join(', ');
  return names.length <= 4 ? named : `${named} and ${names.length - 4} more`;
}

function tooLittle(figures: readonly GatedFigure[], { incomparable, centreOf }: Baseline): string {
  if (incomparable !== undefined) return incomparable;
  if (figures.length === 0) return 'this run has no figure that says which way is better';
  const runs = Math.max(...figures.map((figure) => figure.runs));
  const needed = Math.max(fewestForNoise, centreOf);
  return runs < needed
    ? `the noise is unknown: only ${runs} of the ${needed} runs needed`
    : 'the baseline has none of the figures of this run';
}
