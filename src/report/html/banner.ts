import type { Verdict } from '../../model/check.ts';
import type { CheckResult, RunRecord } from '../../model/record.ts';
import { conclude } from '../conclusion.ts';
import { type Markup, markup } from '../markup.ts';
import { fidelityLabel } from '../text/fidelity.ts';
import { consequencesText, isLead, isNotJudged, type Rooted, rooted } from '../text/roots.ts';
import { oneLine, shortened } from '../text/safe.ts';
import { took } from '../text/took.ts';
import { instant } from '../text/units.ts';
import { didNotSettle } from '../text/unsettled.ts';
import { countVerdicts, verdictMark, verdictOrder } from '../text/verdicts.ts';
import type { RunHistory } from '../trend/history.ts';
import { gateWords } from '../trend/words.ts';
import { likelyCauses } from './diagnosis.ts';
import { labFileName } from './lab.ts';

/** What decides: the verdict, the sentence, the counts, and what has to be fixed. */
export function banner(record: RunRecord, history?: RunHistory): Markup {
  const { outcome, headline, detail } = conclude(record);
  const facts: [string, string][] = [
    ['Lab', labFileName(record)],
    ['Run', record.id],
    ['Began', instant(record.startedAt)],
    ['Took', took(record)],
    ['Measured in', fidelityLabel(record.fidelity)],
    ['Exit code', String(record.exitCode)],
  ];
  return markup`<header class="banner o-${outcome}">
<p class="kicker">drlab ${record.command}</p>
<h1>${headline}</h1>
<p class="lead">${sentence(detail)}</p>
${tally(record)}
${toRemedy(record)}
${likelyCauses(record)}
${history?.gate && gateLine(history)}
${record.faults.length > 0 && markup`<p class="fault"><strong>The run itself had a problem:</strong> ${shortened(oneLine(record.faults[0]?.message ?? ''), 240)} <a href="#faults">Details</a></p>`}
${(record.unsettled ?? []).map((lab) => markup`<p class="fault"><strong>Not settled:</strong> ${didNotSettle(lab)}.</p>`)}
<dl class="facts">${facts.map(([name, what]) => markup`<div><dt>${name}</dt><dd>${what}</dd></div>`)}</dl>
</header>`;
}

/** `2 MUST checks fail: …` begins with a capital, ends with a full stop, and breaks no ID in two. */
function sentence(detail: string): Markup[] {
  const text = `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
  return text
    .split(/([A-Z]+-\d+)/)
    .map((part, index) => (index % 2 === 1 ? markup`<span class="nowrap">${part}</span>` : markup`${part}`));
}

function gateLine(history: RunHistory): Markup {
  const { tone, headline, detail } = gateWords(history);
  return markup`<p class="fault"><a href="#trend" class="v-${tone}"><b>${headline}</b></a>: ${detail}</p>`;
}

function tally({ results }: RunRecord): Markup {
  if (results.length === 0) return markup``;
  const counts = countVerdicts(results);
  const present = verdictOrder.filter((verdict) => counts[verdict] > 0);
  const parts = present.map(
    (verdict) => markup`<span class="b-${verdict}" style="flex-grow:${counts[verdict]}"></span>`,
  );
  const words = present.map(
    (verdict) =>
      markup`<li class="v-${verdict}"><b>${verdictMark[verdict]} ${counts[verdict]}</b> ${verdict}</li>`,
  );
  return markup`<div class="tally" aria-hidden="true">${parts}</div><ul class="counts">${words}</ul>`;
}

function toRemedy({ results }: RunRecord): Markup {
  const open = rooted(results).filter(({ root }) => opens.includes(root.verdict) || isLead(root));
  if (open.length === 0) return markup``;
  const more = open.length - mostShown;
  return markup`<ul class="remedy-list">${open.slice(0, mostShown).map(rootItem)}${more > 0 && markup`<li class="soft">and ${more} more, below</li>`}</ul>`;
}

const opens: Verdict[] = ['fail', 'broken', 'inconclusive'];
const mostShown = 6;

/** A finding once, and folded below it what follows from it. */
const rootItem = ({ root, consequences }: Rooted): Markup =>
  item(
    root,
    consequences.length > 0 &&
      markup`<details class="follows"><summary>Because of it ${consequencesText(consequences)}</summary><ul>${consequences.map((one) => item(one))}</ul></details>`,
  );

const item = (result: CheckResult, below: Markup | false = false): Markup =>
  markup`<li class="v-${result.verdict}"><a href="#${result.id}">${verdictMark[result.verdict]} ${result.id}</a> ${result.title}${!isNotJudged(result) && markup`<span class="soft"> ${why(result)}</span>`}${below}</li>`;

const why = ({ cause, reason, seen }: CheckResult): string =>
  shortened(oneLine(cause ?? reason ?? seen ?? ''), 150);
