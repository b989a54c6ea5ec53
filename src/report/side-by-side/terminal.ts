import { conclusion } from '../conclusion.ts';
import { oneLine, shortened } from '../text/safe.ts';
import { verdictMark } from '../text/verdicts.ts';
import { apartSentence, changeAgainst, singleRuns } from './groups.ts';
import { changesSentence, type SideBySide } from './rows.ts';

/** Plain text; only what differs, and the figures. */
export function sideBySideTerminal(shown: SideBySide): string {
  const { runs, checks, differences, groups } = shown;
  const letters = runs.map(({ letter }) => letter);
  const apart = apartSentence(groups);
  const blocks = [
    runs.map(({ letter, record }) => `${letter}  ${oneLine(record.id)}  ${oneLine(conclusion(record))}`),
    differences.length === 0
      ? []
      : columns(
          ['differs', ...letters],
          differences.map(({ what, values }) => [
            what,
            ...values.map((value) => shortened(oneLine(value), 32)),
          ]),
        ),
    checks.some(({ changed }) => changed)
      ? columns(
          ['check', ...letters, ''],
          checks
            .filter(({ changed }) => changed)
            .map(({ id, title, verdicts }) => [
              oneLine(id),
              ...verdicts.map((verdict) => (verdict ? `${verdictMark[verdict]} ${verdict}` : 'not run')),
              oneLine(title),
            ]),
        )
      : [],
    apart === undefined ? [] : [apart],
    ...groups.map(({ label, runs: own, figures }) =>
      own.length < 2 || figures.length === 0
        ? []
        : [
            ...columns(
              [`figures (${label})`, ...own.map(({ letter }) => letter)],
              figures.map(({ id, figure, values, texts }) => [
                `${oneLine(id)} ${oneLine(figure.name)}`,
                ...texts.map((value, index) =>
                  `${oneLine(value)} ${index > 0 ? changeAgainst(values[0], values[index]) : ''}`.trim(),
                ),
              ]),
            ),
            singleRuns,
          ],
    ),
    [changesSentence(shown)],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function columns(head: string[], rows: string[][]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
