import type { GatedFigure } from '../../model/history.ts';
import { type Markup, markup } from '../markup.ts';
import { change, quantity, range } from '../text/units.ts';
import type { RunHistory } from './history.ts';
import { outcomeMark, outcomeTone } from './words.ts';

/** Every figure that was judged, the worst first. */
export function gateTable({ gate }: RunHistory): Markup {
  if (!gate || gate.figures.length === 0) return markup``;
  return markup`<div class="scroll"><table class="numbers gate"><thead><tr><th scope="col">figure</th><th scope="col" class="left">verdict</th><th scope="col">this run</th><th scope="col">baseline</th><th scope="col">change</th><th scope="col">noise</th><th scope="col">runs</th></tr></thead><tbody>${gate.figures.map(row)}</tbody></table></div>
<p class="soft">Baseline: ${gate.baseline}. Noise: beyond these limits a difference is neither chance nor too small to matter.</p>`;
}

function row(figure: GatedFigure): Markup {
  const { check, name, outcome } = figure;
  const [now, then, changed, noise] = figureCells(figure);
  return markup`<tr><th scope="row"><code>${check}</code> ${name}</th><td class="v-${outcomeTone[outcome]} left"><b>${outcomeMark[outcome]}</b> ${outcome}</td><td>${now}</td><td>${then}</td><td>${changed}</td><td>${noise}</td><td>${figure.runs}</td></tr>`;
}

/** This run, baseline, change, noise. */
export function figureCells({
  value,
  firstValue,
  centre,
  low,
  high,
  unit,
}: GatedFigure): [string, string, string, string] {
  const shown = (one: number | undefined): string => (one === undefined ? '–' : quantity(one, unit));
  const comparable = value !== undefined && centre !== undefined && centre > 0 && value >= 0;
  return [
    firstValue === undefined ? shown(value) : `${shown(firstValue)}, again ${shown(value)}`,
    shown(centre),
    comparable ? change(value / centre) : '–',
    low === undefined || high === undefined ? '–' : range(low, high, unit),
  ];
}
