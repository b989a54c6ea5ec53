import type { Cell, MatrixRecord, PlaceColumn } from '../../model/matrix.ts';
import { type Markup, markup } from '../markup.ts';
import { fidelityLabel } from '../text/fidelity.ts';
import { duration } from '../text/units.ts';
import { levelName, verdictMark, verdictOrder } from '../text/verdicts.ts';
import { placeOutcome, placeOutcomeText, placeTone } from './conclusion.ts';
import { checkReport, reportOf } from './links.ts';
import { countCells, type MatrixRow, suitesOf } from './view.ts';

/** Rows are checks, columns are places; it scrolls in its own box, under its head and beside its names. */
export function matrixTable(record: MatrixRecord): Markup {
  const { places } = record;
  const heads = places.map((column) => {
    const href = reportOf(column);
    const { name } = column.place;
    const broken = breakable(name);
    return markup`<th scope="col">${href === undefined ? broken : markup`<a href="${href}">${broken}</a>`}<span class="sum">${counted(column)}</span></th>`;
  });
  const suites = suitesOf(record).map(
    ({ suite, rows }) =>
      markup`<tbody><tr class="suite-row"><th scope="rowgroup" colspan="${places.length + 1}"><span>${suite}</span></th></tr>${rows.map((row) => line(row, places))}</tbody>`,
  );
  return markup`<section id="matrix"><h2>Checks × places</h2>
<div class="box" tabindex="0" role="region" aria-label="Checks and places, a table that scrolls"><table class="places">
<thead><tr><th scope="col" class="corner">check</th>${heads}</tr></thead>
<tbody class="about">${aboutRows(record)}</tbody>
${suites}</table></div></section>`;
}

function aboutRows({ places, labs, checks }: MatrixRecord): Markup[] {
  const rows: [string, (column: PlaceColumn) => Markup | string][] = [
    [
      'outcome',
      (column) => {
        const outcome = placeOutcome(column, checks);
        return markup`<b class="v-${placeTone[outcome]}">${placeOutcomeText[outcome]}</b>`;
      },
    ],
    ['driver', ({ driver }) => driver],
    ['sandbox', ({ sandbox }) => sandbox],
    ['kernel', ({ kernel = '–' }) => kernel],
    ['director', ({ director }) => director],
    ['time it took', ({ state, tookMs }) => (state === 'waiting' ? '–' : duration(tookMs))],
    ['measured in', ({ run }) => (run ? fidelityLabel(run.fidelity) : '–')],
  ];
  if (labs.length > 1) rows.push(['lab', ({ lab }) => labs[lab]?.file ?? '–']);
  return rows.map(
    ([name, valueIn]) =>
      markup`<tr><th scope="row">${name}</th>${places.map((column) => markup`<td>${valueIn(column)}</td>`)}</tr>`,
  );
}

/** A long name breaks between its parts. */
const breakable = (name: string): Markup[] => name.split(/(?<=[/:])/).map((part) => markup`${part}<wbr>`);

function counted({ cells }: PlaceColumn): Markup[] {
  const counts = countCells(cells);
  return [...verdictOrder]
    .reverse()
    .filter((verdict) => counts[verdict] > 0)
    .map(
      (verdict) =>
        markup`<span class="v-${verdict}" title="${counts[verdict]} ${verdict}">${verdictMark[verdict]} ${counts[verdict]}</span> `,
    );
}

function line({ check, cells, differs }: MatrixRow, places: readonly PlaceColumn[]): Markup {
  const mark =
    differs &&
    markup`<span class="unequal" role="img" aria-label="places differ" title="places differ">≠</span> `;
  return markup`<tr id="row-${check.id}"${differs && markup` class="differs"`}><th scope="row" title="${levelName[check.level]}: ${check.requirement}">${mark}<code>${check.id}</code> <span class="title">${check.title}</span></th>${cells.map((cell, index) => cellMarkup(cell, places[index]))}</tr>
`;
}

/** A verdict with its reason behind it; what passed leads to its own report. */
function cellMarkup(cell: Cell | undefined, column: PlaceColumn | undefined): Markup {
  if (cell === undefined) return markup`<td class="soft">not run</td>`;
  const { verdict } = cell;
  const said = cell.reason ?? cell.seen ?? '';
  const word = markup`<b aria-hidden="true">${verdictMark[verdict]}</b> ${verdict}`;
  const href = checkReport(cell);
  if (verdict === 'pass' && href !== undefined)
    return markup`<td class="v-pass"><a href="${href}" title="${said}">${word}</a></td>`;
  // The reason of a whole place stands once, in the banner and below, not in every cell.
  if (said === '' || column?.state === 'unavailable')
    return markup`<td class="v-${verdict}" title="${said}">${word}</td>`;
  return markup`<td class="v-${verdict}"><details><summary title="${said}">${word}</summary><p>${said}</p>${href !== undefined && markup`<a href="${href}">report</a>`}</details></td>`;
}
