import type { MatrixRecord, PlaceColumn } from '../../model/matrix.ts';
import { type Markup, markup } from '../markup.ts';
import { oneLine, shortened } from '../text/safe.ts';
import { duration, instant } from '../text/units.ts';
import { unsettledPlaces } from '../text/unsettled.ts';
import { verdictMark, verdictOrder } from '../text/verdicts.ts';
import { concludeMatrix, placeOutcome, placeOutcomeText, placeTone } from './conclusion.ts';
import { reportOf } from './links.ts';
import { countCells } from './view.ts';

/** What decides: the verdict over all places, the counts, and the places that need a look. */
export function matrixBanner(record: MatrixRecord): Markup {
  const { tone, headline, totals } = concludeMatrix(record);
  const facts: [string, string][] = [
    [record.labs.length === 1 ? 'Lab' : 'Labs', record.labs.map(({ file }) => file).join(', ')],
    ['Matrix', record.id],
    ['Began', instant(record.startedAt)],
    ['Took', duration(record.places.reduce((sum, { tookMs }) => sum + tookMs, 0))],
    ['Exit code', String(record.exitCode)],
  ];
  return markup`<header class="banner o-${tone}">
<p class="kicker">drlab matrix</p>
<h1>${headline}</h1>
<p class="lead">${totals}.</p>
${tally(record)}
${toLookAt(record)}
${unsettledPlaces(record).map((said) => markup`<p class="fault"><strong>Not settled:</strong> ${said}.</p>`)}
<dl class="facts">${facts.map(([name, what]) => markup`<div><dt>${name}</dt><dd>${what}</dd></div>`)}</dl>
</header>`;
}

function tally({ places }: MatrixRecord): Markup {
  const counts = countCells(places.flatMap(({ cells }) => cells));
  const present = verdictOrder.filter((verdict) => counts[verdict] > 0);
  if (present.length === 0) return markup``;
  return markup`<div class="tally" aria-hidden="true">${present.map(
    (verdict) => markup`<span class="b-${verdict}" style="flex-grow:${counts[verdict]}"></span>`,
  )}</div>`;
}

/** Every place that is not simply green, and why. */
function toLookAt({ places, checks }: MatrixRecord): Markup {
  const items = places.flatMap((column) => {
    const outcome = placeOutcome(column, checks);
    if (outcome === 'conformant' || outcome === 'nothingFailed') return [];
    const tone = placeTone[outcome];
    const href = reportOf(column);
    const name = markup`${verdictMark[tone]} ${column.place.name}`;
    return [
      markup`<li class="v-${tone}">${href === undefined ? markup`<b>${name}</b>` : markup`<a href="${href}">${name}</a>`} ${placeOutcomeText[outcome]}<span class="soft">: ${shortened(oneLine(whyOf(column)), 220)}</span></li>`,
    ];
  });
  return items.length === 0 ? markup`` : markup`<ul class="remedy-list">${items}</ul>`;
}

function whyOf({ state, reason, run, cells }: PlaceColumn): string {
  if (reason !== undefined) return reason;
  if (state === 'waiting') return 'resume with drlab matrix --resume';
  const bad = (['fail', 'broken', 'inconclusive'] as const).flatMap((verdict) =>
    cells.filter((cell) => cell.verdict === verdict).map(({ id }) => `${id} ${verdict}`),
  );
  const faults = (run?.faults ?? []).map(({ message }) => message);
  return [...faults, ...bad].join('; ');
}
