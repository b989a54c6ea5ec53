import type { ComparedFigure, ComparisonRecord } from '../../model/comparison.ts';
import { type Paint, paintFor } from '../text/paint.ts';
import { oneLine, shortened } from '../text/safe.ts';
import { unsettledVariants } from '../text/unsettled.ts';
import { hanging, wrap } from '../text/wrap.ts';
import { inconclusiveOf } from './inconclusive.ts';
import { cellsOf, columnNames, controlCells } from './table.ts';
import { ranked } from './view.ts';
import { controlWords, headlineOf, reasonWords, rowMark, rowTone, verdictWords } from './words.ts';

export interface Screen {
  color: boolean;
  width: number;
}

/** What a terminal shows of a comparison: a table and the advice for each workload, the verdict last. */
export function comparisonTerminal(record: ComparisonRecord, screen: Screen): string {
  const paint = paintFor(screen.color);
  const width = Math.max(40, screen.width);
  const { base } = record.plan;
  const blocks = [
    ...record.workloads.map(({ workload, figures: [figure], advice }) => [
      paint.bold(oneLine(workload.title)),
      ...(figure ? tableLines(figure, base, paint, width) : []),
      ...(figure ? wrap(oneLine(controlWords(figure, base)), width).map(paint.dim) : []),
      ...wrap(oneLine(advice), width),
    ]),
    without(record, paint, width),
    [paint.bold(paint.verdict(headlineOf(record).tone, oneLine(headlineOf(record).headline)))],
  ];
  return `\n${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function tableLines(figure: ComparedFigure, base: string, paint: Paint, width: number): string[] {
  const rows = ranked(figure).map((row) => ({
    cells: Object.values(cellsOf(row, figure.kind.unit)),
    said: `${rowMark[row.verdict]} ${verdictWords(row)}`,
    tone: rowTone[row.verdict],
    why: reasonWords(row, figure) ?? '',
  }));
  const { sound } = figure.control;
  const tone = sound ? ('unsupported' as const) : ('inconclusive' as const);
  const all = [
    ...rows,
    {
      cells: Object.values(controlCells(figure, base)),
      said: sound ? '✓ sound' : '? not sound',
      tone,
      why: '',
    },
  ];
  const head = columnNames(figure, base);
  // Narrow terminals do without the medians' intervals.
  const shown = head.slice(0, -1).flatMap((_, i) => (width >= 100 || i !== 2 ? [i] : []));
  const widest = shown.map((i) =>
    Math.max(head[i]?.length ?? 0, ...all.map(({ cells }) => oneLine(cells[i] ?? '').length)),
  );
  const line = (cells: string[]): string =>
    shown
      .map((i, at) =>
        at === 0
          ? oneLine(cells[i] ?? '').padEnd(widest[at] ?? 0)
          : oneLine(cells[i] ?? '').padStart(widest[at] ?? 0),
      )
      .join('  ');
  return [
    paint.dim(`${line(head)}  verdict`),
    ...all.map(({ cells, said, tone: own, why }) => {
      const start = `${line(cells)}  `;
      const room = width - start.length - said.length - 2;
      const reason = why === '' || room < 12 ? '' : `  ${paint.dim(shortened(oneLine(why), room))}`;
      return `${start}${paint.verdict(own, said)}${reason}`;
    }),
  ];
}

function without(record: ComparisonRecord, paint: Paint, width: number): string[] {
  return [
    ...inconclusiveOf(record).flatMap(({ remedy, trials }) => {
      const [first] = trials;
      const such = trials.length > 1 ? `such as ${first?.place}: ` : '';
      const said = `${trials.length} of ${record.trials.length} trials inconclusive: ${such}${oneLine(first?.reason ?? '')}. ${remedy}`;
      return hanging('?', oneLine(said), 0, 2, width).map((line) => paint.verdict('inconclusive', line));
    }),
    ...record.variants.flatMap(({ name, unsupported }) =>
      unsupported === undefined
        ? []
        : hanging('–', `${oneLine(name)} not measured here: ${oneLine(unsupported)}`, 0, 2, width).map(
            (line) => paint.verdict('unsupported', line),
          ),
    ),
    ...unsettledVariants(record).flatMap((said) =>
      hanging('!', oneLine(said), 0, 2, width).map((line) => paint.verdict('warn', line)),
    ),
    ...record.faults.flatMap(({ message, hint }) =>
      hanging('!', oneLine(hint === undefined ? message : `${message} ${hint}`), 0, 2, width).map((line) =>
        paint.verdict('broken', line),
      ),
    ),
  ];
}
