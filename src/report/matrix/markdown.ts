import type { MatrixRecord, PlaceColumn } from '../../model/matrix.ts';
import { fidelityLabel } from '../text/fidelity.ts';
import { block, code, table, text } from '../text/md.ts';
import { duration } from '../text/units.ts';
import { unsettledPlaces } from '../text/unsettled.ts';
import { verdictMark } from '../text/verdicts.ts';
import { concludeMatrix, placeOutcome, placeOutcomeText } from './conclusion.ts';
import { figuresSentence } from './figures.ts';
import { reportOf } from './links.ts';
import { differingRows, reasonsOf, suitesOf } from './view.ts';

/** `matrix.md`: the matrix for a CI step summary. */
export function matrixMarkdown(record: MatrixRecord): string {
  const { headline, detail } = concludeMatrix(record);
  const sections = [
    `## ${text(headline)}`,
    `${text(detail)}.`,
    ...unsettledPlaces(record).map((said) => `> **Not settled:** ${text(said)}.`),
    places(record),
    differences(record),
    checks(record),
    ...record.places.map(reasons),
    text(figuresSentence(record)),
    `### Reproduce\n\n${block(record.commandLine, 'sh')}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function places({ places: columns, checks: all }: MatrixRecord): string {
  const rows = columns.map((column) => {
    const { place, driver, sandbox, kernel, director, run, reason, tookMs, state } = column;
    const href = reportOf(column);
    const name = href === undefined ? text(place.name) : `[${text(place.name)}](${href})`;
    const outcome = placeOutcomeText[placeOutcome(column, all)];
    return [
      name,
      driver,
      sandbox,
      kernel === undefined ? '–' : code(kernel),
      director,
      state === 'waiting' ? '–' : duration(tookMs),
      run ? text(fidelityLabel(run.fidelity)) : '–',
      reason === undefined ? outcome : `${outcome}: ${text(reason)}`,
    ];
  });
  return table(['place', 'driver', 'sandbox', 'kernel', 'director', 'took', 'measured in', 'outcome'], rows);
}

function differences(record: MatrixRecord): string {
  const rows = differingRows(record);
  if (rows.length === 0) return '';
  const items = rows.flatMap(({ check, cells }) => [
    `- ${code(check.id)} ${text(check.title)}`,
    ...cells.flatMap((cell, index) =>
      cell === undefined || cell.verdict === 'unsupported' || cell.verdict === 'skipped'
        ? []
        : [
            `  - ${verdictMark[cell.verdict]} ${cell.verdict} in ${text(record.places[index]?.place.name ?? '')}: ${text(cell.seen ?? cell.reason ?? '')}`,
          ],
    ),
  ]);
  return `### Where places differ\n\n${items.join('\n')}`;
}

function checks(record: MatrixRecord): string {
  const rows = suitesOf(record).flatMap(({ suite, rows: own }) =>
    own.map(({ check, cells, differs }) => [
      suite,
      differs ? `**${code(check.id)}** ≠` : code(check.id),
      text(check.title),
      ...cells.map((cell) =>
        cell === undefined ? 'not run' : `${verdictMark[cell.verdict]} ${cell.verdict}`,
      ),
    ]),
  );
  const head = ['suite', 'check', 'title', ...record.places.map(({ place }) => text(place.name))];
  return `### Checks\n\n${table(head, rows)}`;
}

function reasons(column: PlaceColumn): string {
  const groups = reasonsOf(column);
  if (groups.length === 0) return '';
  const items = groups.map(
    ({ text: why, items: cells }) => `- ${text(why)}: ${cells.map(({ id }) => code(id)).join(', ')}`,
  );
  return `### Unsupported in ${text(column.place.name)}\n\n${items.join('\n')}`;
}
