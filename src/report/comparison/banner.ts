import type { ComparedWorkload, ComparisonRecord } from '../../model/comparison.ts';
import { type Markup, markup } from '../markup.ts';
import { duration, instant, plural } from '../text/units.ts';
import { unsettledVariants } from '../text/unsettled.ts';
import { inconclusiveOf } from './inconclusive.ts';
import { axesOf } from './view.ts';
import { adviceParts, bestOf, blocksWords, headlineOf, rowMark } from './words.ts';

/** What decides: which variant for which load, and how sure that is. */
export function comparisonBanner(record: ComparisonRecord): Markup {
  const { tone, headline } = headlineOf(record);
  const { plan, workloads, faults } = record;
  const without = inconclusiveOf(record).reduce((sum, { trials }) => sum + trials.length, 0);
  const facts: [string, string][] = [
    ['Lab', record.lab.file],
    ['Comparison', record.id],
    ['Began', instant(record.startedAt)],
    ['Took', duration(record.durationMs)],
    [
      'Measured in',
      axesOf(record)
        .map(({ label }) => label)
        .join('; '),
    ],
    ['Blocks', `${blocksWords(record)} (${plan.fewest} needed)`],
    ['Trials', `${record.trials.length}${without > 0 ? `, ${without} inconclusive` : ''}`],
    ['Seed', String(plan.seed)],
    ['Exit code', String(record.exitCode)],
  ];
  const [only, ...more] = workloads;
  return markup`<header class="banner o-${tone}"><p class="kicker">drlab compare</p>
<h1>${headline}</h1>
${only && more.length === 0 ? markup`<p class="lead">${adviceParts(only.advice)[0]}</p><p class="advice">${adviceParts(only.advice)[1]}</p>` : markup`<ul class="remedy-list advice">${workloads.map(adviceLine)}</ul>`}
${faults.length > 0 && markup`<p class="fault"><strong>The comparison itself had a problem:</strong> ${faults[0]?.message} <a href="#faults">${plural(faults.length, 'problem')}</a></p>`}
${unsettledVariants(record).map((said) => markup`<p class="fault"><strong>Not settled:</strong> ${said}.</p>`)}
<dl class="facts">${facts.map(([name, what]) => markup`<div><dt>${name}</dt><dd>${what}</dd></div>`)}</dl></header>`;
}

function adviceLine(one: ComparedWorkload): Markup {
  const best = bestOf(one).length > 0;
  const sound = one.figures[0]?.control.sound === true;
  const [tone, mark] = best ? ['pass', rowMark.better] : sound ? ['unsupported', '○'] : ['inconclusive', '?'];
  return markup`<li class="v-${tone}"><a href="#w-${one.workload.id}">${mark} ${one.workload.title}</a> <span class="said">${adviceParts(one.advice)[0]}</span></li>`;
}
