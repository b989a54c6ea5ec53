import type { Check } from '../model/check.ts';
import type { Cell, MatrixCheck, Place, PlaceColumn } from '../model/matrix.ts';
import type { CheckResult, RunRecord } from '../model/record.ts';
import type { LabSpec } from '../model/spec.ts';
import { type ExitCode, exitCode } from '../util/errors.ts';
import { exitOf } from './verdict.ts';

/** The columns of a matrix: one for each place, from its run or from the reason that there is none. */

export const matrixCheck = ({ id, suite, level, title, requirement }: Check): MatrixCheck => ({
  id,
  suite,
  level,
  title,
  requirement,
});

/** Before its run. */
export function waitingColumn(place: Place, lab: number, spec: LabSpec): PlaceColumn {
  return {
    place,
    state: 'waiting',
    driver: place.driver ?? spec.driver.kind,
    sandbox: place.sandbox,
    director: place.director ?? spec.director.kind,
    ...(place.kernel !== undefined && { kernel: place.kernel }),
    lab,
    tookMs: 0,
    cells: [],
  };
}

export interface Refusal {
  message: string;
  hint?: string | undefined;
}

/** The place is unavailable: every check is unsupported there, for one reason. */
export function unavailableColumn(
  column: PlaceColumn,
  checks: readonly MatrixCheck[],
  { message, hint }: Refusal,
  tookMs: number,
): PlaceColumn {
  const cells = checks.map(
    ({ id }): Cell => ({ id, verdict: 'unsupported', reason: message, durationMs: 0 }),
  );
  return {
    ...column,
    state: 'unavailable',
    reason: message,
    ...(hint !== undefined && { hint }),
    tookMs,
    cells,
  };
}

/**
 * @param dir the run's folder, relative to the matrix's.
 */
export function ranColumn(column: PlaceColumn, record: RunRecord, dir: string, tookMs: number): PlaceColumn {
  const interrupted = record.exitCode === exitCode.interrupted;
  const { fidelity, versions, unsettled } = record;
  // Without a sandbox the kernel that tells is not the one under the lab.
  const kernel = fidelity.sandbox === 'none' ? column.kernel : versions['kernel in the sandbox'];
  return {
    ...column,
    state: interrupted ? 'interrupted' : 'done',
    sandbox: fidelity.sandbox,
    ...(kernel !== undefined && { kernel }),
    tookMs,
    run: {
      id: record.id,
      dir,
      startedAt: record.startedAt,
      exitCode: record.exitCode,
      fidelity,
      faults: record.faults,
      ...(unsettled && { unsettled }),
    },
    cells: record.results.map((result) => cellOf(result, dir)),
  };
}

const cellOf = ({ id, verdict, seen, reason, cause, durationMs }: CheckResult, dir: string): Cell => ({
  id,
  verdict,
  ...(seen !== undefined && { seen }),
  ...(reason !== undefined && { reason }),
  ...(cause !== undefined && { cause }),
  durationMs,
  report: `${dir}/report.html#${id}`,
});

/** The worst of the places that ran; unavailable places make nothing green. */
export function exitOfMatrix(columns: readonly PlaceColumn[]): ExitCode {
  if (columns.some(({ state }) => state === 'interrupted' || state === 'waiting'))
    return exitCode.interrupted;
  const ran = columns.filter(({ state }) => state === 'done');
  return exitOf(
    ran.flatMap(({ cells }) => cells),
    ran.reduce((sum, { run }) => sum + (run?.faults.length ?? 0), 0),
  );
}
