import { figureOf } from '../chart/index.ts';
import { conclusion } from '../conclusion.ts';
import { page } from '../html/page.ts';
import { type Markup, markup } from '../markup.ts';
import { instant } from '../text/units.ts';
import { verdictMark } from '../text/verdicts.ts';
import { apartSentence, changeAgainst, type FidelityGroup, type ShownRun, singleRuns } from './groups.ts';
import { type CheckRow, changesSentence, type SideBySide } from './rows.ts';

/** Several runs side by side, as one page of the same kind as a report. */
export function sideBySideHtml(shown: SideBySide): string {
  const { runs, checks, groups } = shown;
  const changed = checks.some((check) => check.changed);
  const apart = apartSentence(groups);
  return page(
    `${runs.length} runs compared · drlab`,
    markup`<header class="banner o-${changed ? 'differs' : 'same'}"><p class="kicker">drlab report</p>
<h1>${changed ? 'Verdicts differ' : 'Same verdicts'}</h1><p class="lead">${changesSentence(shown)}</p>
<ul class="remedy-list">${runs.map(runLine)}</ul></header>
${differences(shown)}
${checkTable(runs, checks)}
<section id="figures"><h2>Figures</h2>${apart !== undefined && markup`<p>${apart}</p>`}<p class="soft">${singleRuns}</p>
${groups.map(figures)}</section>`,
  );
}

function runLine({ letter, record }: ShownRun): Markup {
  return markup`<li><b>${letter}</b> <code>${record.id}</code> ${conclusion(record)} <span class="soft">${instant(record.startedAt)}, <code>${record.commandLine}</code></span></li>`;
}

const heads = (runs: ShownRun[]): Markup[] =>
  runs.map(({ letter, record }) => markup`<th scope="col" title="${record.id}">${letter}</th>`);

function differences({ runs, differences }: SideBySide): Markup {
  if (differences.length === 0) return markup``;
  const rows = differences.map(
    ({ what, values }) =>
      markup`<tr><th scope="row">${what}</th>${values.map((value) => markup`<td>${value}</td>`)}</tr>`,
  );
  return markup`<section id="differences"><h2>What else differs</h2><div class="scroll"><table><thead><tr><th></th>${heads(runs)}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function checkTable(runs: ShownRun[], checks: CheckRow[]): Markup {
  const rows = checks.map(
    ({ id, title, verdicts, changed }) =>
      markup`<tr class="${changed ? 'changed' : ''}"><th scope="row"><code>${id}</code> ${title}</th>${verdicts.map(
        (verdict) =>
          verdict === undefined
            ? markup`<td class="soft nowrap">not run</td>`
            : markup`<td class="v-${verdict} nowrap"><b>${verdictMark[verdict]}</b> ${verdict}</td>`,
      )}</tr>`,
  );
  return markup`<section id="checks"><h2>Checks <small>changed ones first</small></h2><div class="scroll"><table class="compared"><thead><tr><th scope="col">check</th>${heads(runs)}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function figures(group: FidelityGroup): Markup {
  if (group.runs.length < 2) return markup``;
  const rows = group.figures.map(
    ({ id, figure, values, texts }) =>
      markup`<tr><th scope="row"><code>${id}</code> ${figure.name}</th>${texts.map(
        (text, index) =>
          markup`<td>${text}${index > 0 && markup` <small>${changeAgainst(values[0], values[index])}</small>`}</td>`,
      )}</tr>`,
  );
  const table = markup`<div class="scroll"><table class="numbers"><thead><tr><th scope="col">figure</th>${heads(group.runs)}</tr></thead><tbody>${rows}</tbody></table></div>`;
  const charts = group.charts.map(({ id, chart }) =>
    figureOf({ ...chart, title: `${id}: ${chart.title}` }, group.label),
  );
  return markup`<h3>${group.label}</h3>${rows.length > 0 && table}${charts}`;
}
