import type { ComparedFigure, ComparedWorkload, ComparisonRecord } from '../../model/comparison.ts';
import { block, code, table, text } from '../text/md.ts';
import { number } from '../text/units.ts';
import { unsettledVariants } from '../text/unsettled.ts';
import { inconclusiveOf } from './inconclusive.ts';
import { methodPairs } from './method.ts';
import { failures, limits, returnPath } from './served.ts';
import { cellsOf, columnNames, controlCells } from './table.ts';
import { ranked, servedOf } from './view.ts';
import { controlWords, headlineOf, pWords, reasonWords, rowMark, verdictWords } from './words.ts';

/** `comparison.md`: advice and tables for a CI step summary. */
export function comparisonMarkdown(record: ComparisonRecord): string {
  const sections = [
    `## ${text(headlineOf(record).headline)}`,
    ...record.faults.map(
      ({ message, hint }) => `> **The comparison itself:** ${text(message)} ${text(hint ?? '')}`,
    ),
    ...unsettledVariants(record).map((said) => `> **Not settled:** ${text(said)}.`),
    ...record.workloads.map((one) => workload(record, one)),
    inconclusive(record),
    unsupported(record),
    `### How it was measured\n\n${methodPairs(record)
      .map(([name, what]) => `- **${text(name)}:** ${text(what)}`)
      .join('\n')}`,
    `### Reproduce\n\n${block(record.commandLine, 'sh')}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function workload(record: ComparisonRecord, one: ComparedWorkload): string {
  const { base } = record.plan;
  const [first, ...others] = one.figures;
  return [
    `### ${text(one.workload.title)} (${code(one.workload.id)})`,
    text(one.advice),
    ...(first ? [figure(first, base)] : []),
    text(one.workload.description),
    ...others.map((each) => `#### ${text(each.kind.name)}\n\n${figure(each, base)}`),
    shares(one),
    served(record, one),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function figure(compared: ComparedFigure, base: string): string {
  const rows = ranked(compared).map((row) => {
    const reason = reasonWords(row, compared);
    const why = reason === undefined ? '' : `: ${text(reason)}`;
    const cells = cellsOf(row, compared.kind.unit);
    return [...Object.values(cells).map(text), `${rowMark[row.verdict]} ${verdictWords(row)}${why}`];
  });
  const { sound } = compared.control;
  rows.push([...Object.values(controlCells(compared, base)).map(text), sound ? '✓ sound' : '? not sound']);
  return `${table(columnNames(compared, base).map(text), rows)}\n\n${text(controlWords(compared, base))}`;
}

function shares({ balance }: ComparedWorkload): string {
  const servers = [...new Set(balance.flatMap(({ shares: own }) => own.map(({ server }) => server)))];
  if (servers.length === 0 || servers.length > 10) return '';
  const rows = balance.map(({ variant, shares: own, jain, p }) => [
    text(variant),
    ...servers.map((name) => {
      const one = own.find(({ server }) => server === name);
      return one ? `${number(one.share * 100)} %` : '–';
    }),
    number(jain),
    pWords(p),
  ]);
  return `#### Share of the answers\n\n${table(['variant', ...servers.map(text), "Jain's index", 'p (fits the weights)'], rows)}`;
}

function served(record: ComparisonRecord, { workload: { id } }: ComparedWorkload): string {
  const rows = servedOf(record, id).map((one) => [
    text(one.variant),
    String(one.trials),
    String(one.inconclusive),
    number(one.planned),
    number(one.good),
    text(failures(one)),
    limits(one),
    returnPath(one.director, one.client),
  ]);
  if (rows.length === 0) return '';
  const head = [
    'variant',
    'trials',
    'inconclusive',
    'asked',
    'answered',
    'failed',
    'at its limit',
    'the answers went',
  ];
  return `#### What was asked, and what came back\n\n${table(head, rows)}`;
}

function inconclusive(record: ComparisonRecord): string {
  const groups = inconclusiveOf(record);
  if (groups.length === 0) return '';
  const items = groups.flatMap(({ remedy, trials }) => [
    `- ${text(remedy)}`,
    ...trials.map(({ place, reason }) => `  - ${text(place)}: ${text(reason)}`),
  ]);
  return `### Inconclusive trials\n\n${items.join('\n')}`;
}

function unsupported({ variants }: ComparisonRecord): string {
  const items = variants.flatMap(({ name, unsupported: why }) =>
    why === undefined ? [] : [`- ${code(name)}: ${text(why)}`],
  );
  return items.length === 0 ? '' : `### Not measured here\n\n${items.join('\n')}`;
}
