import type { RunRecord } from '../../model/record.ts';
import { type Markup, markup } from '../markup.ts';
import { headlineOf, likenessOf } from '../text/likely.ts';
import { remedySteps } from './remedy.ts';

/** What the failures, taken together, look like: the misconfigurations that the kill matrix knows, likeliest first. */
export function likelyCauses({ diagnosis = [] }: RunRecord): Markup {
  if (diagnosis.length === 0) return markup``;
  const items = diagnosis.map(
    (one) =>
      markup`<li><b>${headlineOf(one)}</b><br><span class="soft">${likenessOf(one)}; ${one.agree} of ${one.of} checks say the same as in a lab broken so (<code>${one.mutant}</code>)</span>${one.apart !== undefined && markup`<br><span class="soft">What tells it apart: ${one.apart}</span>`}${
        one.remedy !== undefined && remedySteps(one.remedy)
      }</li>`,
  );
  return markup`<section class="likely" id="diagnosis"><h2>Likely cause</h2><ol>${items}</ol></section>`;
}
