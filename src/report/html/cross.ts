import type { Verdict } from '../../model/check.ts';
import type { MutantResult } from '../../model/record.ts';
import { type Markup, markup } from '../markup.ts';
import { plural } from '../text/units.ts';
import { verdictMark } from '../text/verdicts.ts';

/** Which checks see which misconfiguration: a table for each set of checks that were asked in the same labs. */

interface Row {
  mutant: MutantResult;
  verdicts: Map<string, Verdict>;
}

export function crossTables(mutants: readonly MutantResult[]): Markup {
  const rows = mutants
    .filter((mutant) => (mutant.others ?? []).length > 0)
    .map(
      (mutant): Row => ({
        mutant,
        verdicts: new Map([
          [mutant.check, mutant.verdict],
          ...(mutant.others ?? []).map(({ check, verdict }): [string, Verdict] => [check, verdict]),
        ]),
      }),
    );
  if (rows.length === 0) return markup``;
  return markup`<h3>Which checks see which misconfiguration</h3>
<p class="soft">Every other MUST check was asked in the same broken lab: ${verdictMark.fail} it failed, · it passed, ${verdictMark.inconclusive} it could not tell, blank it was not asked or cannot run there. A row with one mark is a fault that one check alone sees.</p>
${byStage(rows).map(crossTable)}`;
}

/** `PP-01@routed` was judged in the stage `routed`, and so was every check beside it. */
const stageOf = ({ mutant }: Row): string => mutant.check.split('@')[1] ?? '';

function byStage(rows: Row[]): Row[][] {
  const stages = new Map<string, Row[]>();
  for (const row of rows) {
    const asked = [...row.verdicts.keys()].toSorted().join(' ');
    const key = `${stageOf(row)} ${asked}`;
    stages.set(key, [...(stages.get(key) ?? []), row]);
  }
  return [...stages.values()];
}

function crossTable(rows: Row[]): Markup {
  const checks = [...new Set(rows.flatMap((row) => [...row.verdicts.keys()]))].toSorted();
  const heads = checks.map((id) => markup`<th scope="col"><span><code>${id}</code></span></th>`);
  const lines = rows.map(
    ({ mutant, verdicts }) =>
      markup`<tr><th scope="row"><code>${mutant.check}</code> ${mutant.breaks}</th>${checks.map((id) => cell(id, mutant, verdicts))}</tr>`,
  );
  return markup`<details class="cross"><summary>${plural(rows.length, 'misconfiguration')} × ${plural(checks.length, 'check')}: ${checks[0]} to ${checks.at(-1)}</summary><div class="scroll"><table class="cross"><thead><tr><th scope="col">what was broken</th>${heads}</tr></thead><tbody>${lines}</tbody></table></div></details>`;
}

function cell(id: string, mutant: MutantResult, verdicts: Map<string, Verdict>): Markup {
  const verdict = verdicts.get(id);
  const own = id === mutant.check ? ' own' : '';
  if (verdict === undefined || verdict === 'unsupported') return markup`<td class="${own}"></td>`;
  if (verdict === 'pass') return markup`<td class="soft${own}">·</td>`;
  return markup`<td class="v-${verdict}${own}" title="${id}: ${verdict}">${verdictMark[verdict]}</td>`;
}
