import { join } from 'node:path';
import type { RunEvent } from '../../model/events.ts';
import {
  type ExplorationRecord,
  type InvariantId,
  type ScheduleOutcome,
  type Shrunk,
  verdictOf,
} from '../../model/exploration.ts';
import { type Paint, paintFor } from '../text/paint.ts';
import { oneLine } from '../text/safe.ts';
import { duration, plural } from '../text/units.ts';
import { unsettledSchedules } from '../text/unsettled.ts';
import { verdictMark } from '../text/verdicts.ts';
import { hanging, wrap } from '../text/wrap.ts';
import {
  conclude,
  faultWords,
  invariantRows,
  notShrunk,
  replayCommand,
  replayName,
  seedsText,
  shrunkText,
  verdictFor,
  whyOf,
} from './words.ts';

type Trial = Extract<RunEvent, { type: 'shrink-trial' }>;

/** What a terminal shows of an exploration: a line for each schedule, and what came of all. */
export function explorationLines(o: { color: boolean; width: number }) {
  const paint = paintFor(o.color);
  const width = Math.max(40, o.width);
  return {
    ended: (outcome: ScheduleOutcome, left: number, tookMs: number): string =>
      endLines(outcome, left, tookMs, paint, width).join('\n'),
    shrinks: (seed: number, invariant: InvariantId, faults: number): string =>
      `seed ${seed}: looking for the shortest of ${plural(faults, 'fault')} with which «${invariant}» fails`,
    tried: ({ seed, trial, schedule, fails }: Trial): string => {
      const what = schedule.faults.map(faultWords).join('; ');
      return paint.dim(`  seed ${seed}, trial ${trial}: ${fails ? 'fails' : 'holds'} with ${what}`);
    },
    summary: (record: ExplorationRecord, dir: string): string => summary(record, dir, paint, width),
  };
}

function endLines(
  outcome: ScheduleOutcome,
  left: number,
  tookMs: number,
  paint: Paint,
  width: number,
): string[] {
  const verdict = verdictFor[verdictOf(outcome)];
  const { seed, faults } = outcome.schedule;
  const kinds = faults.map(({ fault }) => ('host' in fault ? `${fault.kind} ${fault.host}` : fault.kind));
  const head = `${paint.verdict(verdict, verdictMark[verdict])} seed ${String(seed).padEnd(5)} ${kinds.join(', ')}`;
  const tail = paint.dim(`${duration(tookMs)}, ${left} left`);
  const why = verdict === 'pass' ? [] : hanging('', oneLine(whyOf(outcome)), 4, 0, width);
  return [`${head}  ${tail}`, ...why];
}

function summary(record: ExplorationRecord, dir: string, paint: Paint, width: number): string {
  const { headline, detail, kind } = conclude(record);
  const rows = invariantRows(record).map(({ id, holds, fails, inconclusive }) => {
    const verdict =
      fails.length > 0 ? 'fail' : inconclusive.length > 0 || holds === 0 ? 'inconclusive' : 'pass';
    const parts = [
      `holds in ${holds}`,
      fails.length > 0 ? `fails in ${fails.length} (seeds ${seedsText(fails)})` : '',
      inconclusive.length > 0
        ? `not judged in ${inconclusive.length} (seeds ${seedsText(inconclusive)})`
        : '',
    ].filter((part) => part !== '');
    return `${paint.verdict(verdict, verdictMark[verdict])} ${id.padEnd(22)} ${parts.join(', ')}`;
  });
  const shrunk = record.shrunk.map((one) => shrunkLines(record, one, dir, paint, width).join('\n'));
  const whole = notShrunk(record).map(({ id, seed }) =>
    wrap(`«${id}» fails with seed ${seed}: ${replayCommand(record, `--seed ${seed}`)}`, width).join('\n'),
  );
  const ending = `${paint.bold(paint.verdict(verdictFor[kind], headline))}: ${detail}.`;
  const unsettled = unsettledSchedules(record).map((said) => wrap(oneLine(said), width).join('\n'));
  return `\n${[rows.join('\n'), ...shrunk, ...whole, ...unsettled, ending].join('\n\n')}\n`;
}

function shrunkLines(
  record: ExplorationRecord,
  one: Shrunk,
  dir: string,
  paint: Paint,
  width: number,
): string[] {
  const { seed, invariant, schedule, seen, reproduced } = one;
  const before =
    record.outcomes.find((outcome) => outcome.schedule.seed === seed)?.schedule.faults.length ?? 0;
  const shorter = reproduced
    ? `the shortest schedule that fails has ${plural(schedule.faults.length, 'fault')} of ${before}; ${shrunkText(one)}`
    : shrunkText(one);
  return [
    ...wrap(`${paint.bold(`«${invariant}» fails with seed ${seed}`)}: ${shorter}`, width),
    ...schedule.faults.map((fault) => `  ${faultWords(fault)}`),
    ...(reproduced ? hanging('seen', oneLine(seen), 2, 6, width) : []),
    ...(reproduced ? [`  again ${replayCommand(record, `--replay ${join(dir, replayName(one))}`)}`] : []),
    `  whole ${replayCommand(record, `--seed ${seed}`)}`,
  ];
}
