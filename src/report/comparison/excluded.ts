import type { ComparisonRecord } from '../../model/comparison.ts';
import { type Markup, markup } from '../markup.ts';
import { plural } from '../text/units.ts';
import { inconclusiveOf } from './view.ts';

/** What was not measured, why, and what to do about it; neither is ever counted for or against a variant. */
export function excludedSections(record: ComparisonRecord): Markup {
  return markup`${inconclusive(record)}${unsupported(record)}${again(record)}`;
}

function inconclusive(record: ComparisonRecord): Markup {
  const groups = inconclusiveOf(record);
  if (groups.length === 0) return markup``;
  const count = groups.reduce((sum, { trials }) => sum + trials.length, 0);
  const items = groups.map(
    ({ reason, trials }) =>
      markup`<dt class="v-inconclusive"><b>?</b> ${reason}</dt><dd>${placesOf(trials)}<p class="soft">${whatToDo(reason)}</p></dd>`,
  );
  return markup`<section id="inconclusive"><h2>Inconclusive trials <small>${count} of ${record.trials.length}, without figures</small></h2><dl class="reasons">${items}</dl></section>`;
}

export const placesOf = (trials: ComparisonRecord['trials']): string =>
  trials
    .map(
      ({ workload, variant, block, control }) =>
        `${workload}: ${variant}${control ? ' (A/A)' : ''}, block ${block + 1}`,
    )
    .join('; ');

const remedies: [RegExp, string][] = [
  [
    /sent late|in time|prober took/,
    'The generator could not keep its schedule: give the machine more CPUs or less to do beside, or ask for a lower rate.',
  ],
  [
    /machine beneath/,
    'Other guests took CPU time: compare again when the host is quieter, or on a machine of your own.',
  ],
  [/local port/, 'Ports ran out: ask for a lower rate, or let more clients or source addresses share it.'],
];

/** By what the instrument's health says. */
export const whatToDo = (reason: string): string =>
  remedies.find(([pattern]) => pattern.test(reason))?.[1] ??
  'Compare again with the same seed: the order of the blocks stays the same.';

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
  const repeated = trials.filter((trial) => trial.again !== undefined);
  if (repeated.length === 0) return markup``;
  const items = repeated.map((trial) => markup`<dt>${placesOf([trial])}</dt><dd>${trial.again}</dd>`);
  return markup`<section id="again"><h2>Measured at the second try <small>${plural(repeated.length, 'trial')}; the first gave no figures</small></h2><dl class="reasons">${items}</dl></section>`;
}
