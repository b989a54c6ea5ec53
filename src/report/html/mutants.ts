import type { MutantResult } from '../../model/record.ts';
import { type Markup, markup } from '../markup.ts';
import { outcomeMark } from '../text/verdicts.ts';
import { crossTables } from './cross.ts';

const asVerdict: Record<MutantResult['outcome'], string> = {
  killed: 'pass',
  survived: 'fail',
  'wrong-reason': 'warn',
  'no-verdict': 'inconclusive',
  unsupported: 'unsupported',
};

/** The kill matrix: which misconfiguration which check noticed. */
export function mutantsSection(mutants: MutantResult[] | undefined): Markup {
  if (!mutants) return markup``;
  const killed = mutants.filter(({ outcome }) => outcome === 'killed').length;
  const rows = mutants.map(
    (mutant, index) => markup`<tr class="${mutant.check === mutants[index - 1]?.check ? 'same' : ''}">
<th scope="row"><code>${mutant.check}</code></th><td><code>${mutant.mutant}</code></td><td>${mutant.breaks}</td>
<td class="v-${asVerdict[mutant.outcome]} nowrap"><b>${outcomeMark[mutant.outcome]}</b> ${mutant.outcome}</td><td>${mutant.verdict}: ${mutant.seen}</td></tr>`,
  );
  return markup`<section id="mutants"><h2>Kill matrix <small>${killed} of ${mutants.length} killed</small></h2>
<p class="soft">Each row is a lab that was broken on purpose. A check that does not fail there, for the reason that the mutant names, proves nothing elsewhere.</p>
<div class="scroll"><table class="matrix"><thead><tr><th scope="col">check</th><th scope="col">mutant</th><th scope="col">what was broken</th><th scope="col">outcome</th><th scope="col">what the check said</th></tr></thead><tbody>${rows}</tbody></table></div>${crossTables(mutants)}</section>`;
}
