import { code, table, text } from '../text/md.ts';
import { type RunHistory, runsIn } from './history.ts';
import { labelOf } from './section.ts';
import { figureCells } from './table.ts';
import { confirmation, gateWords, outcomeMark } from './words.ts';

/** A section for `summary.md`: the gate's verdict and every figure that it judged. */
export function trendMarkdown(history: RunHistory): string {
  const { gate } = history;
  const { headline, detail } = gateWords(history);
  if (!gate) return `### Against the runs before\n\n${text(`${headline}. ${detail}`)}`;
  const rows = gate.figures.map((figure) => [
    `${outcomeMark[figure.outcome]} ${figure.outcome}`,
    `${code(figure.check)} ${text(figure.name)}`,
    ...figureCells(figure).map(text),
    String(figure.runs),
  ]);
  const head = ['verdict', 'figure', 'this run', 'baseline', 'change', 'noise', 'runs'];
  return [
    '### Against the runs before',
    `**${text(headline)}.** ${text(`${detail} ${confirmation(gate)}`)}`,
    `Baseline: ${text(gate.baseline)}, ${runsIn(history)} runs of ${text(history.fingerprint.lab)}, ${text(labelOf(history))}.`,
    ...(rows.length === 0 ? [] : [table(head, rows)]),
  ].join('\n\n');
}
