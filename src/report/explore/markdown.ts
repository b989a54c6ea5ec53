import { type ExplorationRecord, type Shrunk, verdictOf } from '../../model/exploration.ts';
import { fidelityLabel } from '../text/fidelity.ts';
import { block, table, text } from '../text/md.ts';
import { duration } from '../text/units.ts';
import { unsettledSchedules } from '../text/unsettled.ts';
import { verdictMark } from '../text/verdicts.ts';
import {
  conclude,
  faultWords,
  invariantRows,
  replayCommand,
  seedsText,
  shrunkText,
  verdictFor,
  whyOf,
} from './words.ts';

/** `summary.md`: an exploration for a CI step summary. */
export function explorationMarkdown(record: ExplorationRecord): string {
  const { headline, detail } = conclude(record);
  const where = record.fidelity ? ` ${fidelityLabel(record.fidelity)}.` : '';
  const sections = [
    `## ${text(headline)}`,
    `${text(detail)} in ${duration(record.durationMs)}.${text(where)}`,
    ...unsettledSchedules(record).map((said) => `> **Not settled:** ${text(said)}.`),
    invariantsTable(record),
    ...record.shrunk.map((one) => shrunkSection(record, one)),
    outcomesTable(record),
    `### Reproduce\n\n${block(record.commandLine, 'sh')}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

const invariantsTable = (record: ExplorationRecord): string =>
  table(
    ['invariant', 'holds', 'fails', 'not judged'],
    invariantRows(record).map(({ id, title, holds, fails, inconclusive }) => [
      `**${text(id)}**: ${text(title)}`,
      String(holds),
      fails.length > 0 ? `${fails.length} (seeds ${seedsText(fails)})` : '0',
      inconclusive.length > 0 ? `${inconclusive.length} (seeds ${seedsText(inconclusive)})` : '0',
    ]),
  );

function shrunkSection(record: ExplorationRecord, one: Shrunk): string {
  const { seed, invariant, schedule, seen } = one;
  return [
    `### «${text(invariant)}» fails with seed ${seed}`,
    schedule.faults.map((fault) => `- ${text(faultWords(fault))}`).join('\n'),
    text(`${seen === '' ? '' : `${seen}; `}${shrunkText(one)}`),
    block(replayCommand(record, `--seed ${seed}`), 'sh'),
  ].join('\n\n');
}

function outcomesTable({ outcomes }: ExplorationRecord): string {
  const rows = outcomes
    .filter((one) => verdictOf(one) !== 'holds')
    .map((one) => [
      String(one.schedule.seed),
      `${verdictMark[verdictFor[verdictOf(one)]]} ${verdictOf(one)}`,
      text(one.schedule.faults.map(faultWords).join('; ')),
      text(whyOf(one)),
    ]);
  return rows.length === 0
    ? ''
    : `### Where not all hold\n\n${table(['seed', 'outcome', 'schedule', 'seen'], rows)}`;
}
