import type { RunRecord } from '../../model/record.ts';
import type { Paint } from '../text/paint.ts';
import { oneLine } from '../text/safe.ts';
import { plural } from '../text/units.ts';
import { hanging, wrap } from '../text/wrap.ts';
import { historyIn } from '../trend/history.ts';
import { confirmation, figureWords, gateWords, outcomeMark, outcomeTone } from '../trend/words.ts';

/** What the figures are against those of the nights before; nothing where that was not asked. */
export function gateLines(record: RunRecord, paint: Paint, width: number): string[] {
  const [gate, history] = [record.gate, historyIn(record)];
  if (!gate || !history) return [];
  const { tone, headline, detail } = gateWords(history);
  // What was not measured is in the sentence below, and has nothing to show.
  const told = gate.figures.filter(
    ({ outcome }) => !['no change', 'not enough history', 'not measured'].includes(outcome),
  );
  const same = gate.figures.filter(({ outcome }) => outcome === 'no change').length;
  return [
    paint.dim(`against the nights before (${oneLine(gate.baseline)})`),
    ...told.flatMap((figure) => [
      paint.verdict(
        outcomeTone[figure.outcome],
        `  ${outcomeMark[figure.outcome]} ${oneLine(figure.check)} ${oneLine(figure.name)}: ${figure.outcome}`,
      ),
      ...hanging('', figureWords(figure), 4, 0, width),
    ]),
    ...(told.length > 0 && same > 0 ? [paint.dim(`  ${plural(same, 'other figure')}: no change`)] : []),
    ...wrap(oneLine(`${headline}. ${detail} ${confirmation(gate)}`.trim()), width).map((line, i) =>
      i === 0 ? paint.verdict(tone, line) : line,
    ),
  ];
}
