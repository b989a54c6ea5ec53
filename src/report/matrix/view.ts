import type { Verdict } from '../../model/check.ts';
import type { Cell, MatrixCheck, MatrixRecord, PlaceColumn } from '../../model/matrix.ts';
import { suiteOrder, verdictOrder } from '../text/verdicts.ts';

/** The matrix as its reports show it: rows of checks by suite, each with a cell for every place. */

export interface MatrixRow {
  check: MatrixCheck;
  /** One per place; undefined where the check has not run. */
  cells: (Cell | undefined)[];
  differs: boolean;
}

export interface MatrixSuite {
  suite: MatrixCheck['suite'];
  rows: MatrixRow[];
}

export function suitesOf({ checks, places }: MatrixRecord): MatrixSuite[] {
  const columns = places.map(({ cells }) => new Map(cells.map((cell) => [cell.id, cell])));
  const rows = checks.map((check): MatrixRow => {
    const cells = columns.map((column) => column.get(check.id));
    return { check, cells, differs: disagree(cells) };
  });
  return suiteOrder
    .map((suite) => ({ suite, rows: rows.filter((row) => row.check.suite === suite) }))
    .filter((group) => group.rows.length > 0);
}

/** Places that ran the check do not say the same; that one cannot run it is no disagreement. */
function disagree(cells: readonly (Cell | undefined)[]): boolean {
  const said = cells.flatMap((cell) =>
    cell === undefined || cell.verdict === 'unsupported' || cell.verdict === 'skipped' ? [] : [cell.verdict],
  );
  return new Set(said).size > 1;
}

/** Rows where places disagree, the worst first. */
export function differingRows(record: MatrixRecord): MatrixRow[] {
  const worst = ({ cells }: MatrixRow): number =>
    Math.min(...cells.flatMap((cell) => (cell ? [verdictOrder.indexOf(cell.verdict)] : [])));
  return suitesOf(record)
    .flatMap(({ rows }) => rows)
    .filter(({ differs }) => differs)
    .sort((a, b) => worst(a) - worst(b));
}

export function countCells(cells: readonly Cell[]): Record<Verdict, number> {
  const counts = { pass: 0, fail: 0, warn: 0, unsupported: 0, skipped: 0, inconclusive: 0, broken: 0 };
  for (const { verdict } of cells) counts[verdict] += 1;
  return counts;
}

/** What one text says of several places or checks, in the order in which it is first said. */
export function grouped<T>(items: readonly T[], textOf: (item: T) => string): { text: string; items: T[] }[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const text = textOf(item);
    groups.set(text, [...(groups.get(text) ?? []), item]);
  }
  return [...groups].map(([text, own]) => ({ text, items: own }));
}

/** Why the checks of a place have no verdict, and which. */
export const reasonsOf = ({ cells }: PlaceColumn): { text: string; items: Cell[] }[] =>
  grouped(
    cells.filter(({ verdict }) => verdict === 'unsupported' || verdict === 'skipped'),
    ({ reason, seen }) => reason ?? seen ?? 'no reason was given',
  );
