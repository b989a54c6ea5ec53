import type { RunFigure, RunLine } from '../model/history.ts';
import type { CheckResult, RunRecord } from '../model/record.ts';
import { parseRecord } from '../model/stored/record.ts';
import { fingerprintOf } from './fingerprint.ts';

/** The figures with `better` of the checks that came to a verdict, and what makes runs comparable. */
export function lineOf(record: RunRecord): RunLine {
  const { id, command, startedAt, exitCode, results, confirms } = record;
  return {
    id,
    command,
    startedAt,
    exitCode,
    fingerprint: fingerprintOf(record),
    figures: command === 'run' ? results.flatMap(figuresOf) : [],
    checks: results.flatMap(({ id, verdict }) =>
      verdict === 'skipped' || verdict === 'unsupported' ? [] : id,
    ),
    ...(confirms !== undefined && { confirms }),
  };
}

/**
 * Whether it counts as a night: a run that confirms another was made because that one was bad, so the two are not
 * two looks at the same thing.
 */
export const isNight = ({ command, confirms }: RunLine): boolean =>
  command === 'run' && confirms === undefined;

function figuresOf({ id, verdict, figures }: CheckResult): RunFigure[] {
  if (verdict !== 'pass' && verdict !== 'fail' && verdict !== 'warn') return [];
  return figures.flatMap(({ name, value, unit, better }) =>
    better && Number.isFinite(value) ? [{ check: id, name, value, unit, better }] : [],
  );
}

/** Two figures with the same key are the same thing measured twice. */
export const keyOf = ({ check, name, unit }: Pick<RunFigure, 'check' | 'name' | 'unit'>): string =>
  JSON.stringify([check, name, unit]);

/** The values of a run by key. */
export const valuesOf = ({ figures }: RunLine): Map<string, number> =>
  new Map(figures.map((figure) => [keyOf(figure), figure.value]));

/** @throws {UsageError} saying what is wrong with the text of a record. */
export function lineFrom(text: string, file: string): RunLine {
  return lineOf(parseRecord(text, file));
}
