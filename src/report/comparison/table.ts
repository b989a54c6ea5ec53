import type { ComparedFigure, ComparedRow } from '../../model/comparison.ts';
import { intervalWords } from '../chart/intervals.ts';
import { type Markup, markup } from '../markup.ts';
import { quantity, range } from '../text/units.ts';
import { ranked } from './view.ts';
import { pWords, reasonWords, rowMark, rowTone, verdictWords } from './words.ts';

export interface Cells {
  variant: string;
  median: string;
  interval: string;
  against: string;
  p: string;
  n: string;
}

export const columnNames = (figure: ComparedFigure, base: string): string[] => [
  'variant',
  figure.kind.name,
  '95 % interval',
  `against ${base}`,
  'p (Holm)',
  'n',
  'verdict',
];

export function cellsOf(row: ComparedRow, unit: string): Cells {
  const { variant, median, low, high, ratio, p, n } = row;
  return {
    variant,
    median: median === null ? '–' : quantity(median, unit),
    interval: low === null || high === null ? '–' : range(low, high, unit),
    against: ratio ? intervalWords(ratio) : '–',
    p: pWords(p),
    n: String(n),
  };
}

/** The control's row, in the same columns. */
export function controlCells({ control }: ComparedFigure, base: string): Cells {
  return {
    variant: `${base} again (A/A)`,
    median: '–',
    interval: '–',
    against: control.ratio ? intervalWords(control.ratio) : '–',
    p: control.ratio ? pWords(control.p) : '–',
    n: '–',
  };
}

/** One figure of a workload: every variant with its interval, and how it stands to the base. */
export function figureTable(figure: ComparedFigure, base: string): Markup {
  const head = columnNames(figure, base).map((name) => markup`<th scope="col">${name}</th>`);
  const rows = ranked(figure).map((row) =>
    tableRow(cellsOf(row, figure.kind.unit), {
      tone: rowTone[row.verdict],
      mark: rowMark[row.verdict],
      said: verdictWords(row),
      why: reasonWords(row, figure),
      kind: row.verdict.replace(' ', '-'),
    }),
  );
  const { sound, reason } = figure.control;
  const control = tableRow(controlCells(figure, base), {
    tone: sound ? 'pass' : 'inconclusive',
    mark: sound ? '✓' : '?',
    said: sound ? 'sound' : 'not sound',
    why: reason,
    kind: 'control',
  });
  return markup`<div class="scroll"><table class="numbers verdicts"><thead><tr>${head}</tr></thead><tbody>${rows}${control}</tbody></table></div>`;
}

function tableRow(
  cells: Cells,
  verdict: { tone: string; mark: string; said: string; why: string | undefined; kind: string },
): Markup {
  const { variant, median, interval, against, p, n } = cells;
  const why = verdict.why !== undefined && markup`<span class="soft why">${verdict.why}</span>`;
  return markup`<tr class="r-${verdict.kind}"><th scope="row">${variant}<span class="slim v-${verdict.tone}">${verdict.mark} ${verdict.said}</span></th><td><b>${median}</b></td><td>${interval}</td><td>${against}</td><td>${p}</td><td>${n}</td><td class="left"><span class="v-${verdict.tone} nowrap"><b>${verdict.mark}</b> ${verdict.said}</span>${why}</td></tr>`;
}
