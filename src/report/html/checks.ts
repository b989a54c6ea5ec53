import { becauseOf } from '../../model/preconditions.ts';
import type { CheckResult, RunRecord } from '../../model/record.ts';
import { type Markup, markup } from '../markup.ts';
import { fidelityLabel } from '../text/fidelity.ts';
import { figureValue } from '../text/figure.ts';
import { isNotJudged } from '../text/roots.ts';
import { shortened } from '../text/safe.ts';
import { duration } from '../text/units.ts';
import { bySuite, countVerdicts, levelName, verdictMark, verdictOrder } from '../text/verdicts.ts';
import { byWhose, hasParts, whoseWords } from '../text/whose.ts';
import { checkBody } from './check-body.ts';

/** All checks by suite; those that need a look are open. */
export function checksSection(record: RunRecord): Markup {
  if (record.results.length === 0) return markup``;
  const label = fidelityLabel(record.fidelity);
  const parts = byWhose(record.results).map(
    ({ of, results }) =>
      markup`${hasParts(record.results) && markup`<h2 class="part">${whoseWords[of].heading} <small>${counted(results)}</small></h2>`}${suites(results, label)}`,
  );
  return markup`<section id="checks"><h2>Checks</h2>${tools(record.results)}${parts}</section>`;
}

const suites = (all: CheckResult[], label: string): Markup[] =>
  bySuite(all).map(
    ({ suite, results }) => markup`<div class="suite"><h3>${suite} <small>${counted(results)}</small></h3>
${results.map((result) => row(result, label))}</div>`,
  );

/** Only a script can make these work, so a script shows them. */
function tools(results: CheckResult[]): Markup {
  const counts = countVerdicts(results);
  const present = verdictOrder.filter((verdict) => counts[verdict] > 0);
  const filters = present.map(
    (verdict) =>
      markup`<button type="button" data-only="${verdict}" aria-pressed="false" class="v-${verdict}">${verdictMark[verdict]} ${verdict}</button>`,
  );
  return markup`<div class="tools" hidden><button type="button" data-only="" aria-pressed="true">all</button>${filters}<span class="gap"></span><button type="button" data-open="1">open all</button><button type="button" data-open="">close all</button></div>`;
}

function counted(results: CheckResult[]): Markup[] {
  const counts = countVerdicts(results);
  return verdictOrder
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => markup`<span class="v-${verdict}">${verdictMark[verdict]} ${counts[verdict]}</span> `);
}

function row(result: CheckResult, label: string): Markup {
  const { id, verdict, level, because } = result;
  // What follows from another finding stays folded.
  const opened = (verdict === 'fail' || verdict === 'broken') && !because;
  const figure = result.figures[0];
  const took =
    verdict === 'unsupported' || verdict === 'skipped' || isNotJudged(result)
      ? ''
      : duration(result.durationMs);
  const key = because
    ? markup`<a class="because" href="#${because.check}">${becauseOf(because)}</a>`
    : figure && markup`<span class="soft">${shortened(figure.name, 26)}</span> ${figureValue(figure)}`;
  return markup`<details class="check" id="${id}" data-verdict="${verdict}"${opened && markup` open`}>
<summary><span class="verdict v-${verdict}"><b>${verdictMark[verdict]}</b> ${verdict}</span><code class="id">${id}</code><span class="title">${result.title}</span><span class="key-figure">${key}</span><span class="level">${levelName[level]}</span><span class="time">${took}</span></summary>
${checkBody(result, result.fidelity ? fidelityLabel(result.fidelity) : label)}</details>
`;
}
