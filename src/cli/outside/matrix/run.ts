import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../../../model/check.ts';
import type { MatrixRecord, PlaceColumn } from '../../../model/matrix.ts';
import type { LabSpec } from '../../../model/spec.ts';
import type { Progress } from '../../../report/index.ts';
import { runCases } from '../../../run/cases.ts';
import { exitOfMatrix, ranColumn, unavailableColumn } from '../../../run/column.ts';
import { atPlace } from '../../../run/matrix.ts';
import { LabUnavailable } from '../../../util/errors.ts';
import { measure } from '../measure.ts';
import type { BegunMatrix } from './begin.ts';

export interface MatrixWatcher {
  /** Told before a place is run; its progress goes there. */
  begins(column: PlaceColumn, index: number): Progress;
  /** Told when a place has ended, with the matrix as it is now. */
  ended(column: PlaceColumn, record: MatrixRecord): Promise<void>;
}

/** Runs the places that have not been run to their end, one after the other, until the signal is aborted. */
export async function runMatrix(
  { record, checks, specs }: BegunMatrix,
  dir: string,
  watcher: MatrixWatcher,
  signal: AbortSignal,
): Promise<MatrixRecord> {
  let now = record;
  for (const [index, column] of record.places.entries()) {
    if (column.state === 'done' || column.state === 'unavailable') continue;
    if (signal.aborted) break;
    const spec = specs[column.lab];
    const lab = record.labs[column.lab];
    if (!spec || !lab) throw new Error(`the lab of ${column.place.name} is not in the record`);
    const progress = watcher.begins(column, index);
    const ended = await runPlace({
      column,
      matrix: now,
      lab: { ...lab, spec },
      checks,
      dir,
      folder: folderOf(column, index),
      progress,
      signal,
    }).finally(() => progress.close());
    const places = now.places.with(index, ended);
    now = { ...now, places, finishedAt: new Date().toISOString(), exitCode: exitOfMatrix(places) };
    await watcher.ended(ended, now);
  }
  return { ...now, exitCode: exitOfMatrix(now.places) };
}

interface PlaceRun {
  column: PlaceColumn;
  matrix: MatrixRecord;
  lab: { file: string; text: string; spec: LabSpec };
  checks: readonly Check[];
  dir: string;
  folder: string;
  progress: Progress;
  signal: AbortSignal;
}

/** @returns the column: with its run, or with the reason that there is none. */
async function runPlace(what: PlaceRun): Promise<PlaceColumn> {
  const { column, matrix, lab, checks, dir, folder, signal } = what;
  const out = join(dir, folder);
  const start = performance.now();
  const tookMs = (): number => Math.round(performance.now() - start);
  // Of an interrupted run; its evidence would stay among the new one's.
  await rm(out, { recursive: true, force: true });
  try {
    const spec = atPlace(lab.spec, column.place);
    const { record, refusal } = await measure({
      command: 'run',
      lab: { ...lab, spec },
      sandbox: column.place.sandbox,
      kernel: column.place.kernel,
      out,
      cases: runCases(spec, checks),
      checks,
      reporter: what.progress,
      signal,
    });
    const ran = ranColumn(column, record, folder, tookMs());
    if (refusal && ran.state === 'done') return unavailableColumn(ran, matrix.checks, refusal, tookMs());
    return ran;
  } catch (error) {
    if (!(error instanceof LabUnavailable)) throw error;
    return signal.aborted ? column : unavailableColumn(column, matrix.checks, error, tookMs());
  }
}

/** Numbered, so that two names that look alike in a path have a folder each. */
const folderOf = ({ place }: PlaceColumn, index: number): string =>
  join('places', `${index + 1}-${place.name.replaceAll(/[^\w.-]+/g, '-')}`);
