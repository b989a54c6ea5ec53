import { page } from '../html/page.ts';
import { type Markup, markup } from '../markup.ts';
import { plural } from '../text/units.ts';
import { type RunHistory, runsIn } from './history.ts';
import { confirmingRun, trendCharts } from './section.ts';
import { trendStyle } from './style.ts';
import { gateTable } from './table.ts';
import { confirmation, figureWords, gateWords, outcomeMark, outcomeTone } from './words.ts';

/** The trend page: what the gate says of the last run, then every figure over the runs. One file, no network. */
export function trendHtml(history: RunHistory): string {
  const { headline } = gateWords(history);
  return page(
    `${headline} · ${history.fingerprint.lab} · drlab`,
    markup`${banner(history)}
<section id="figures"><h2>Figures over runs</h2>${trendCharts(history)}</section>
${history.gate && markup`<section id="gate"><h2>All figures</h2>${gateTable(history)}</section>`}`,
    trendStyle,
  );
}

function banner(history: RunHistory): Markup {
  const { tone, headline, detail } = gateWords(history);
  const { gate, fingerprint, run } = history;
  const facts: [string, string | undefined][] = [
    ['Run', run],
    ['Against', gate?.baseline],
    ['Runs shown', String(runsIn(history))],
    ['Lab', fingerprint.lab],
    ['Measured in', fingerprint.sandbox],
    ['Kernel', fingerprint.kernel],
    ['Machine', fingerprint.machine],
  ];
  return markup`<header class="banner o-${tone}"><p class="kicker">drlab run, against the runs before</p>
<h1>${headline}</h1><p class="lead">${detail} ${gate && confirmation(gate)}</p>
${gate && found(history)}${confirmingRun(history)}
<dl class="facts">${facts.flatMap(([name, what]) => (what === undefined ? [] : [markup`<div><dt>${name}</dt><dd>${what}</dd></div>`]))}</dl></header>`;
}

/** Figures that are not as before, at most eight. */
function found({ gate }: RunHistory): Markup {
  const told = (gate?.figures ?? []).filter(
    ({ outcome }) => outcome !== 'no change' && outcome !== 'not enough history',
  );
  if (told.length === 0) return markup``;
  const items = told
    .slice(0, 8)
    .map(
      (figure) =>
        markup`<li class="v-${outcomeTone[figure.outcome]}"><b>${outcomeMark[figure.outcome]} ${figure.check} ${figure.name}</b> ${figure.outcome}<span class="soft">${figureWords(figure)}</span></li>`,
    );
  const more = told.length - items.length;
  return markup`<ul class="remedy-list">${items}${more > 0 && markup`<li class="soft">and ${plural(more, 'figure')} more, below</li>`}</ul>`;
}
