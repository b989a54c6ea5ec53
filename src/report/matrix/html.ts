import type { MatrixRecord } from '../../model/matrix.ts';
import { copyable } from '../html/copyable.ts';
import { page } from '../html/page.ts';
import { type Markup, markup } from '../markup.ts';
import { plural } from '../text/units.ts';
import { matrixBanner } from './banner.ts';
import { concludeMatrix } from './conclusion.ts';
import { differencesSection } from './differences.ts';
import { figuresSentence } from './figures.ts';
import { matrixStyle } from './style.ts';
import { matrixTable } from './table.ts';
import { grouped, reasonsOf } from './view.ts';

/** The matrix that a person reads: one file, no network, light and dark, screen and paper. */
export function matrixHtml(record: MatrixRecord): string {
  const { headline } = concludeMatrix(record);
  return page(
    `${headline} · matrix · drlab`,
    markup`${matrixBanner(record)}${differencesSection(record)}${matrixTable(record)}
<p class="soft">${figuresSentence(record)}</p>
${reasonsSection(record)}${background(record)}
<footer class="soft">drlab ${record.drlab.version} · drawn from matrix.json of ${record.id}</footer>`,
    matrixStyle,
  );
}

/** What is missing where, each reason once for a place. */
function reasonsSection({ places }: MatrixRecord): Markup {
  const items = places.flatMap((column) => {
    const groups = reasonsOf(column);
    if (groups.length === 0) return [];
    const lines = groups.map(({ text, items: cells }) => {
      const ids = grouped(cells, ({ id }) => id).map(({ text: id }) => markup`<code>${id}</code> `);
      const which =
        column.state === 'unavailable' ? markup`all ${plural(cells.length, 'check')}` : markup`${ids}`;
      return markup`<dt>${text}</dt><dd>${which}</dd>`;
    });
    const hint = column.hint !== undefined && markup`<p class="soft">${column.hint}</p>`;
    return [markup`<h3>${column.place.name}</h3><dl class="reasons">${lines}</dl>${hint}`];
  });
  if (items.length === 0) return markup``;
  return markup`<section id="unsupported"><h2>What a place cannot do <small>unsupported, never counted as passed</small></h2>${items}</section>`;
}

function background({ labs, commandLine, places }: MatrixRecord): Markup {
  const files = labs.map(
    ({ file, text }) =>
      markup`<details class="plain"><summary>Lab file <code>${file}</code></summary>${copyable(text)}</details>`,
  );
  const faults = places.flatMap(({ place, run }) =>
    (run?.faults ?? []).map(
      ({ message, hint }) =>
        markup`<div><h3>${place.name}</h3><pre>${message}</pre>${hint !== undefined && markup`<p class="soft">${hint}</p>`}</div>`,
    ),
  );
  return markup`<section id="reproduce"><h2>Reproduce</h2>${copyable(commandLine)}${files}</section>
${faults.length > 0 && markup`<section id="faults"><h2>Problems of the runs themselves</h2><div class="faults">${faults}</div></section>`}`;
}
