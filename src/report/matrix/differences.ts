import type { MatrixRecord } from '../../model/matrix.ts';
import { type Markup, markup } from '../markup.ts';
import { verdictMark } from '../text/verdicts.ts';
import { checkReport } from './links.ts';
import { differingRows, grouped, type MatrixRow } from './view.ts';

/** The same check, other verdicts: what was seen where, side by side. */
export function differencesSection(record: MatrixRecord): Markup {
  const rows = differingRows(record);
  if (rows.length === 0) {
    const ran = record.places.filter(({ run }) => run !== undefined).length;
    if (ran < 2) return markup``;
    return markup`<p class="agree soft">Wherever a check ran, it said the same.</p>`;
  }
  return markup`<section id="differences"><h2>Where places differ <small>the same check, not the same verdict</small></h2>
${rows.map((row) => difference(row, record))}</section>`;
}

function difference({ check, cells }: MatrixRow, { places }: MatrixRecord): Markup {
  const said = cells.flatMap((cell, index) =>
    cell && cell.verdict !== 'unsupported' && cell.verdict !== 'skipped'
      ? [{ cell, name: places[index]?.place.name ?? '' }]
      : [],
  );
  const groups = grouped(
    said,
    ({ cell }) => `${cell.verdict} ${cell.seen ?? cell.reason ?? ''} ${cell.cause ?? ''}`,
  );
  const cards = groups.flatMap(({ items }) => {
    const [first] = items;
    if (!first) return [];
    const { verdict, seen, reason, cause } = first.cell;
    const where = items.map(({ cell, name }, index) => {
      const href = checkReport(cell);
      const comma = index > 0 && ', ';
      return href === undefined ? markup`${comma}${name}` : markup`${comma}<a href="${href}">${name}</a>`;
    });
    return [
      markup`<li><p><b class="v-${verdict}">${verdictMark[verdict]} ${verdict}</b> <span class="soft">in</span> ${where}</p><p>${seen ?? reason}</p>${cause !== undefined && markup`<p class="soft">${cause}</p>`}</li>`,
    ];
  });
  return markup`<div class="difference"><h3><a href="#row-${check.id}"><code>${check.id}</code></a> ${check.title}</h3><ul>${cards}</ul></div>`;
}
