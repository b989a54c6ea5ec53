import { conclusion } from '../conclusion.ts';
import { code, table, text } from '../text/md.ts';
import { verdictMark } from '../text/verdicts.ts';
import { apartSentence, changeAgainst, type FidelityGroup, singleRuns } from './groups.ts';
import { changesSentence, type SideBySide } from './rows.ts';

export function sideBySideMarkdown(shown: SideBySide): string {
  const { runs, checks, differences, groups } = shown;
  const letters = runs.map(({ letter }) => letter);
  const apart = apartSentence(groups);
  const sections = [
    `## ${runs.length} runs compared`,
    text(changesSentence(shown)),
    runs
      .map(({ letter, record }) => `- **${letter}** ${code(record.id)} ${text(conclusion(record))}`)
      .join('\n'),
    differences.length > 0 &&
      `### What else differs\n\n${table(
        ['', ...letters],
        differences.map(({ what, values }) => [text(what), ...values.map(text)]),
      )}`,
    checks.length > 0 &&
      `### Checks\n\n${table(
        ['check', 'title', ...letters],
        checks.map(({ id, title, verdicts, changed }) => [
          changed ? `**${code(id)}**` : code(id),
          text(title),
          ...verdicts.map((verdict) =>
            verdict === undefined ? 'not run' : `${verdictMark[verdict]} ${verdict}`,
          ),
        ]),
      )}`,
    apart !== undefined && text(apart),
    ...groups.map(figures),
  ];
  return `${sections.filter((section) => section !== false && section !== '').join('\n\n')}\n`;
}

function figures({ label, runs, figures: rows }: FidelityGroup): string {
  if (runs.length < 2 || rows.length === 0) return '';
  const cells = rows.map(({ id, figure, values, texts }) => [
    code(id),
    text(figure.name),
    ...texts.map((value, index) => {
      const change = index > 0 ? changeAgainst(values[0], values[index]) : '';
      return text(value) + (change && ` (${change})`);
    }),
  ]);
  const head = ['check', 'figure', ...runs.map(({ letter }) => letter)];
  return `### Figures: ${text(label)}\n\n${singleRuns}\n\n${table(head, cells)}`;
}
