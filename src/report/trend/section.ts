import { widths } from '../chart/svg.ts';
import { type TrendChart, trendChart } from '../chart/trend.ts';
import { relativeLink } from '../html/check-body.ts';
import { type Markup, markup } from '../markup.ts';
import { plural } from '../text/units.ts';
import { type RunHistory, runsIn, type TrendView, viewsOf } from './history.ts';
import { gateTable } from './table.ts';
import { gateWords, outcomeMark, outcomeTone } from './words.ts';

/** How the figures went over the runs, for the report of a run; it needs `trendStyle`. */
export function trendSection(history: RunHistory): Markup {
  const { tone, headline, detail } = gateWords(history);
  const runs = runsIn(history);
  return markup`<section id="trend"><h2>Against the runs before${runs > 0 && markup` <small>${plural(runs, 'run')}</small>`}</h2>
${history.gate && markup`<p class="v-${tone}"><b>${headline}.</b> <span class="said">${detail}</span></p>`}
${confirmingRun(history)}${gateTable(history)}${trendCharts(history)}</section>`;
}

/** Where the second run of the same is. */
export function confirmingRun({ gate }: RunHistory): Markup {
  if (!gate?.confirming) return markup``;
  const { run, folder, conclusion } = gate.confirming;
  const href = relativeLink(`${folder}/report.html`);
  const name = href === undefined ? markup`${run}` : markup`<a href="${href}">${run}</a>`;
  return markup`<p>The same was run once more, ${name}: ${conclusion}</p>`;
}

/** Figures that need a look wide, the others small and side by side. */
export function trendCharts(history: RunHistory): Markup {
  const views = viewsOf(history);
  if (views.length === 0 && history.gate) return markup``;
  if (views.length === 0)
    return markup`<p class="soft">No figure says which way is better, so there is none to follow.</p>`;
  const label = labelOf(history);
  const loud = views.filter(
    ({ gated }) => gated && outcomeTone[gated.outcome] !== 'pass' && gated.outcome !== 'not enough history',
  );
  const quiet = views.filter((view) => !loud.includes(view));
  const draw = (view: TrendView, small: boolean): Markup =>
    drawn({ ...view, run: history.run }, label, small);
  return markup`${legend(views, history.run)}${loud.map((view) => draw(view, false))}
${quiet.length > 0 && markup`<div class="trends">${quiet.map((view) => draw(view, true))}</div>`}`;
}

export const labelOf = ({ fingerprint }: RunHistory): string =>
  `${fingerprint.sandbox} · kernel ${fingerprint.kernel}`;

function drawn(chart: TrendChart, label: string, small: boolean): Markup {
  const { trend, gated } = chart;
  const verdict =
    gated &&
    markup` <span class="v-${outcomeTone[gated.outcome]} nowrap"><b>${outcomeMark[gated.outcome]}</b> ${gated.outcome}</span>`;
  const drawing = trendChart(chart, small ? widths.filter(({ name }) => name === 'narrow') : widths);
  return markup`<figure><figcaption><code>${trend.check}</code> ${trend.name}${verdict} <small>${trend.better} is better · ${label}</small></figcaption>${drawing}</figure>`;
}

/** Only what is drawn. */
function legend(views: readonly TrendView[], run: string | undefined): Markup {
  const any = (is: (view: TrendView) => unknown): boolean => views.some((view) => is(view) !== undefined);
  const keys: [boolean, string, string][] = [
    [any(({ trend }) => trend.band), 'band', 'where an unchanged run falls (95 %)'],
    [any(({ trend, gated }) => trend.band ?? gated?.centre), 'centre', 'baseline'],
    [any(({ gated }) => gated?.low), 'limit', 'beyond it a regression is suspected'],
    [any(({ trend }) => trend.changes[0]), 'change', 'the level changed'],
    [any(({ trend }) => trend.points.find((point) => point.run === run)), 'here', 'this run'],
  ];
  const shown = keys.filter(([drawn]) => drawn);
  return markup`<ul class="keys trend-keys">${shown.map(([, kind, what]) => markup`<li><span class="${kind}-key"></span>${what}</li>`)}</ul>`;
}
