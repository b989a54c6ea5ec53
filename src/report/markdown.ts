import type { CheckResult, RunRecord } from '../model/record.ts';
import { claimsMarkdown } from './claims.ts';
import { conclude } from './conclusion.ts';
import { randomMarkdown } from './random/markdown.ts';
import { fidelityLabel, otherLabel } from './text/fidelity.ts';
import { figureValue } from './text/figure.ts';
import { headlineOf, likenessOf } from './text/likely.ts';
import { block, code, table, text } from './text/md.ts';
import { remedyMarkdown } from './text/remedy.ts';
import { consequencesText, type Rooted, rooted } from './text/roots.ts';
import { took } from './text/took.ts';
import { duration } from './text/units.ts';
import { didNotSettle } from './text/unsettled.ts';
import { vantagesText } from './text/vantages.ts';
import { bySuite, countVerdicts, outcomeMark, verdictMark, verdictOrder } from './text/verdicts.ts';
import { byWhose, hasParts, whoseWords } from './text/whose.ts';
import { historyIn, type RunHistory } from './trend/history.ts';
import { trendMarkdown } from './trend/markdown.ts';

/** `summary.md`: what a reader of a CI step summary needs, the worst first. */
export function markdown(record: RunRecord, history: RunHistory | undefined = historyIn(record)): string {
  const { headline, detail } = conclude(record);
  const sections = [
    `## ${text(headline)}`,
    `${text(detail)}.`,
    `Lab ${code(record.lab.spec.name)}, ${text(fidelityLabel(record.fidelity))}, ${took(record)}.`,
    ...record.faults.map(({ message, hint }) => `> **The run itself:** ${text(message)} ${text(hint ?? '')}`),
    ...(record.unsettled ?? []).map((lab) => `> **Not settled:** ${text(didNotSettle(lab))}.`),
    history ? trendMarkdown(history) : '',
    claimsMarkdown(record.claims),
    likely(record),
    ...byWhose(record.results).map(({ of, results }) =>
      [hasParts(record.results) ? `### ${text(whoseWords[of].heading)}` : '', suites(results)]
        .filter((part) => part !== '')
        .join('\n\n'),
    ),
    ...rooted(record.results)
      .filter(({ root }) => root.verdict === 'fail' || root.verdict === 'warn')
      .map(finding),
    reasons(rooted(record.results).map(({ root }) => root)),
    figures(record),
    mutants(record),
    randomMarkdown(record.random),
    `### Reproduce\n\n${block(record.commandLine, 'sh')}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function likely({ diagnosis = [] }: RunRecord): string {
  if (diagnosis.length === 0) return '';
  const items = diagnosis.map((one, i) => {
    const remedy = one.remedy === undefined ? '' : `\n\n${remedyMarkdown(one.remedy)}\n`;
    return `${i + 1}. **${text(headlineOf(one))}** (${text(likenessOf(one))})${remedy}`;
  });
  return `### Likely cause\n\n${items.join('\n')}`;
}

function suites(results: CheckResult[]): string {
  if (results.length === 0) return '';
  const verdicts = verdictOrder.filter((verdict) => countVerdicts(results)[verdict] > 0);
  return table(
    ['suite', ...verdicts.map((verdict) => `${verdictMark[verdict]} ${verdict}`), 'time'],
    bySuite(results).map(({ suite, results: own }) => {
      const counts = countVerdicts(own);
      const ms = own.reduce((sum, result) => sum + result.durationMs, 0);
      return [suite, ...verdicts.map((verdict) => String(counts[verdict] || '')), duration(ms)];
    }),
  );
}

/** With what follows from it folded below. */
function finding({ root, consequences }: Rooted): string {
  if (consequences.length === 0) return failure(root);
  const rows = consequences.map((result) => [
    `${verdictMark[result.verdict]} ${result.verdict}`,
    code(result.id),
    text(result.title),
    text(result.cause ?? result.reason ?? result.seen ?? ''),
  ]);
  const summary = text(`because of ${root.id}: ${consequencesText(consequences)}`);
  const folded = `<details><summary>${summary}</summary>\n\n${table(['', 'check', 'title', 'why'], rows)}\n\n</details>`;
  return `${failure(root)}\n\n${folded}`;
}

function failure(result: CheckResult): string {
  const lines: [string, string | undefined][] = [
    ['Requirement', result.requirement],
    ['Expected', result.expected],
    ['Seen', result.seen],
    ['Cause', result.cause],
    ['Looked at from', vantagesText(result)],
  ];
  return [
    `### ${verdictMark[result.verdict]} ${code(result.id)} ${text(result.title)}`,
    lines.flatMap(([name, what]) => (what === undefined ? [] : [`- **${name}:** ${text(what)}`])).join('\n'),
    result.remedy === undefined ? '' : `To fix it:\n\n${remedyMarkdown(result.remedy)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function reasons(results: CheckResult[]): string {
  const without = verdictOrder
    .filter((verdict) => !['pass', 'fail', 'warn'].includes(verdict))
    .flatMap((verdict) => results.filter((result) => result.verdict === verdict));
  if (without.length === 0) return '';
  const rows = without.map((result) => [
    `${verdictMark[result.verdict]} ${result.verdict}`,
    code(result.id),
    text(result.title),
    text(result.reason ?? result.seen ?? ''),
  ]);
  return `### Without a verdict\n\n${table(['', 'check', 'title', 'reason'], rows)}`;
}

function figures(record: RunRecord): string {
  const rows = record.results.flatMap((result) =>
    result.figures.map((figure) => [
      code(result.id),
      text(figure.name),
      text(`${figureValue(figure)}${otherLabel(result, record)}`),
      figure.samples === undefined ? '' : String(figure.samples),
    ]),
  );
  if (rows.length === 0) return '';
  const label = `Measured in: ${text(fidelityLabel(record.fidelity))}.`;
  return `### Figures\n\n${label}\n\n${table(['check', 'figure', 'value', 'samples'], rows)}`;
}

function mutants(record: RunRecord): string {
  if (!record.mutants) return '';
  const rows = record.mutants.map((mutant) => [
    code(mutant.check),
    code(mutant.mutant),
    text(mutant.breaks),
    `${outcomeMark[mutant.outcome]} ${mutant.outcome}`,
    text(mutant.seen),
  ]);
  return `### Mutants\n\n${table(['check', 'mutant', 'what was broken', 'outcome', 'seen'], rows)}`;
}
