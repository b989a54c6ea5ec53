import type { RandomFaults } from '../../model/record.ts';
import { type Markup, markup } from '../markup.ts';
import { countedFaults, faultMark, faultTone, saidOf } from './words.ts';

/** Which random faults were found, and what was said of them first. */
export function randomSection(random: RandomFaults | undefined): Markup {
  if (!random) return markup``;
  const rows = random.faults.map((fault) => {
    const { id, kind, breaks, outcome, run, others } = fault;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    return markup`<tr><th scope="row"><a href="${run}/report.html"><code>${id}</code></a></th><td><code>${kind}</code></td><td>${breaks}</td>
<td class="v-${faultTone[outcome]} nowrap"><b>${faultMark[outcome]}</b> ${outcome}</td><td>${saidOf(fault)}${more}</td></tr>`;
  });
  return markup`<section id="random"><h2>Random faults <small>seed ${random.seed}</small></h2>
<p class="soft">Each row is a lab with one fault drawn at random, judged by a run of its own, whose report the first column leads to. ${countedFaults(random).join('; ')}.</p>
<div class="scroll"><table class="matrix"><thead><tr><th scope="col">fault</th><th scope="col">kind</th><th scope="col">what was done</th><th scope="col">outcome</th><th scope="col">what its report says first</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}
