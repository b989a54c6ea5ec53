import type { ComparisonRecord } from '../../model/comparison.ts';
import { type Markup, markup } from '../markup.ts';
import { plural } from '../text/units.ts';
import { inconclusiveOf, placeOf } from './inconclusive.ts';

/** What was not measured, why, and what to do about it; neither is ever counted for or against a variant. */
export function excludedSections(record: ComparisonRecord): Markup {
  return markup`${inconclusive(record)}${unsupported(record)}${again(record)}`;
}

function inconclusive(record: ComparisonRecord): Markup {
  const groups = inconclusiveOf(record);
  if (groups.length === 0) return markup``;
  const count = groups.reduce((sum, { trials }) => sum + trials.length, 0);
  const items = groups.map(
    ({ remedy, trials }) =>
      markup`<p class="v-inconclusive"><b>?</b> ${remedy}</p><dl class="reasons">${trials.map(({ place, reason }) => markup`<dt>${place}</dt><dd class="soft">${reason}</dd>`)}</dl>`,
  );
  return markup`<section id="inconclusive"><h2>Inconclusive trials <small>${count} of ${record.trials.length}, without figures</small></h2>${items}</section>`;
}

function unsupported({ variants }: ComparisonRecord): Markup {
  const items = variants.flatMap(({ name, title, unsupported: why }) =>
    why === undefined
      ? []
      : [
          markup`<dt class="v-unsupported"><b>–</b> ${name} <span class="soft">${title}</span></dt><dd>${why}</dd>`,
        ],
  );
  if (items.length === 0) return markup``;
  return markup`<section id="unsupported"><h2>Not measured here <small>unsupported, neither better nor worse</small></h2><dl class="reasons">${items}</dl></section>`;
}

function again({ trials }: ComparisonRecord): Markup {
  const repeated = trials.filter(
    ({ again, inconclusive }) => again !== undefined && inconclusive === undefined,
  );
  if (repeated.length === 0) return markup``;
  const items = repeated.map((trial) => markup`<dt>${placeOf(trial)}</dt><dd>${trial.again}</dd>`);
  return markup`<section id="again"><h2>Measured at the second try <small>${plural(repeated.length, 'trial')}; the first gave no figures</small></h2><dl class="reasons">${items}</dl></section>`;
}
