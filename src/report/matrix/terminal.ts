import type { MatrixRecord, PlaceColumn } from '../../model/matrix.ts';
import { type Paint, paintFor } from '../text/paint.ts';
import { oneLine, shortened } from '../text/safe.ts';
import { duration } from '../text/units.ts';
import { unsettledPlaces } from '../text/unsettled.ts';
import { verdictMark, verdictOrder } from '../text/verdicts.ts';
import { hanging, wrap } from '../text/wrap.ts';
import { concludeMatrix, placeOutcome, placeOutcomeText, placeTone } from './conclusion.ts';
import { countCells, differingRows, grouped, suitesOf } from './view.ts';

/** What a terminal shows of a matrix: a head and a foot for each place, and the matrix itself. */
export function matrixLines(o: { color: boolean; width: number }) {
  const paint = paintFor(o.color);
  const width = Math.max(40, o.width);
  return {
    begins: ({ place }: PlaceColumn, index: number, total: number): string =>
      `\n${paint.bold(`place ${index + 1} of ${total}: ${oneLine(place.name)}`)}\n`,
    ended: (column: PlaceColumn): string => `${endLine(column, paint, width).join('\n')}\n`,
    summary: (record: MatrixRecord): string => summary(record, paint, width),
  };
}

function endLine(column: PlaceColumn, paint: Paint, width: number): string[] {
  const name = oneLine(column.place.name);
  if (column.state === 'unavailable') return unavailable(name, column, paint, width);
  return [`${name}: ${counted(column, paint)} in ${duration(column.tookMs)}`];
}

function unavailable(
  name: string,
  { reason = '', hint }: PlaceColumn,
  paint: Paint,
  width: number,
): string[] {
  const lines = wrap(`${verdictMark.unsupported} ${name} unavailable: ${oneLine(reason)}`, width);
  const remedy = hint === undefined ? [] : hanging('', oneLine(hint), 2, 0, width);
  return [...lines, ...remedy].map((line) => paint.verdict('unsupported', line));
}

function counted({ cells }: PlaceColumn, paint: Paint, words = true): string {
  const counts = countCells(cells);
  return [...verdictOrder]
    .reverse()
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) =>
      paint.verdict(verdict, `${verdictMark[verdict]} ${counts[verdict]}${words ? ` ${verdict}` : ''}`),
    )
    .join('  ');
}

function summary(record: MatrixRecord, paint: Paint, width: number): string {
  const blocks = [
    legend(record, paint, width),
    table(record, paint, width),
    differences(record, paint, width),
    unsettledPlaces(record).flatMap((said) => hanging('', oneLine(said), 0, 0, width)),
  ];
  const { headline, detail, tone } = concludeMatrix(record);
  const asVerdict = {
    conformant: 'pass',
    nothingRan: 'unsupported',
    inconclusive: 'inconclusive',
    interrupted: 'warn',
    differs: 'warn',
    notConformant: 'fail',
  } as const;
  const ending = wrap(`${headline}: ${oneLine(detail)}.`, width);
  const [first = ''] = ending;
  if (first.startsWith(headline))
    ending[0] = paint.bold(paint.verdict(asVerdict[tone], headline)) + first.slice(headline.length);
  return `\n${[...blocks, ending]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}`;
}

/** Columns are letters, so that the table stays narrow. */
const letter = (index: number): string => (index < 26 ? String.fromCharCode(65 + index) : String(index + 1));

function legend({ places, checks }: MatrixRecord, paint: Paint, width: number): string[] {
  const column = Math.max(...places.map(({ place }) => oneLine(place.name).length));
  const word = Math.max(
    ...places.map((one) =>
      one.state === 'unavailable' ? 0 : placeOutcomeText[placeOutcome(one, checks)].length,
    ),
  );
  return places.flatMap((one, index) => {
    const outcome = placeOutcome(one, checks);
    const head = `${letter(index).padEnd(2)} ${oneLine(one.place.name).padEnd(column)}`;
    const told = paint.verdict(placeTone[outcome], placeOutcomeText[outcome].padEnd(word));
    if (one.state === 'waiting') return [`${head}  ${told}`.trimEnd()];
    if (one.state === 'unavailable') {
      const room = Math.max(20, width - column - 5);
      return wrap(`${placeOutcomeText[outcome]}: ${oneLine(one.reason ?? '')}`, room).map((line, at) =>
        at === 0
          ? `${head}  ${paint.verdict('unsupported', line)}`
          : ' '.repeat(column + 5) + paint.verdict('unsupported', line),
      );
    }
    return [`${head}  ${told}  ${counted(one, paint, false)}  ${duration(one.tookMs)}`];
  });
}

function table(record: MatrixRecord, paint: Paint, width: number): string[] {
  const letters = record.places.map((_, index) => letter(index).padEnd(2));
  const head = ' '.repeat(24) + letters.join(' ');
  const rows = suitesOf(record).flatMap(({ suite, rows: own }) =>
    own.map(({ check, cells, differs }, index) => {
      const marks = cells.map((cell) =>
        cell === undefined ? '  ' : `${paint.verdict(cell.verdict, verdictMark[cell.verdict])} `,
      );
      const name = `${(index === 0 ? suite : '').padEnd(12)}${oneLine(check.id).padEnd(10)}`;
      const room = Math.max(10, width - 26 - 3 * cells.length);
      const title = shortened(oneLine(check.title), room);
      return `${name}${differs ? '≠ ' : '  '}${marks.join(' ')}  ${paint.dim(title)}`;
    }),
  );
  return rows.length === 0 ? [] : [head, ...rows];
}

function differences(record: MatrixRecord, paint: Paint, width: number): string[] {
  const rows = differingRows(record);
  if (rows.length === 0) return [];
  const lines = rows.flatMap(({ check, cells }) => {
    const said = cells.flatMap((cell, index) =>
      cell && cell.verdict !== 'unsupported' && cell.verdict !== 'skipped' ? [{ cell, index }] : [],
    );
    const groups = grouped(said, ({ cell }) => oneLine(cell.seen ?? cell.reason ?? ''));
    return [
      `  ${check.id} ${oneLine(check.title)}`,
      ...groups.flatMap(({ text, items }) => {
        const verdict = items[0]?.cell.verdict ?? 'broken';
        const where = items.map(({ index }) => letter(index)).join(' ');
        const [first = '', ...more] = hanging('', `${verdict} in ${where}: ${text}`, 6, 0, width);
        return [`    ${paint.verdict(verdict, verdictMark[verdict])} ${first.trimStart()}`, ...more];
      }),
    ];
  });
  return ['where places differ (≠)', ...lines];
}
