import { checks as allChecks } from '../../../../suites/index.ts';
import type { Check } from '../../../model/check.ts';
import { findLab, parseLab, readLab } from '../../../model/labfile/index.ts';
import type { MatrixRecord, Place } from '../../../model/matrix.ts';
import type { LabSpec } from '../../../model/spec.ts';
import { matrixVersion } from '../../../model/versions.ts';
import { matrixCheck, waitingColumn } from '../../../run/column.ts';
import { UsageError } from '../../../util/errors.ts';
import { newRunId, ownVersion } from '../context.ts';
import { shownPath } from '../measure.ts';

/** A matrix to be run, or to go on with: its record as far as it is, and what the record stands for. */
export interface BegunMatrix {
  record: MatrixRecord;
  checks: Check[];
  /** In the order of the record's `labs`. */
  specs: LabSpec[];
}

/** Names the variable of a command that starts this one, in a sandbox of its own, and by which it can be repeated. */
const startedBy = 'DRLAB_COMMAND_LINE';

/**
 * Reads every lab file before anything runs.
 * @throws {LabFileError} when one of them is wrong. @throws {UsageError} when there is none.
 */
export async function newMatrix(
  lab: string,
  places: readonly Place[],
  checks: Check[],
): Promise<BegunMatrix> {
  const names = [...new Set(places.map((place) => place.lab ?? lab))];
  const labs = await Promise.all(names.map(async (name) => readLab(await findLab(name))));
  const specs = labs.map(({ spec }) => spec);
  const columns = places.map((place) => {
    const index = names.indexOf(place.lab ?? lab);
    const spec = specs[index];
    if (!spec) throw new Error(`the lab of ${place.name} was not read`);
    return waitingColumn(place, index, spec);
  });
  const now = new Date().toISOString();
  const record: MatrixRecord = {
    version: matrixVersion,
    id: newRunId('matrix'),
    commandLine: process.env[startedBy] ?? ['drlab', ...process.argv.slice(2)].join(' '),
    startedAt: now,
    finishedAt: now,
    drlab: await ownVersion(),
    labs: labs.map(({ file, text }) => ({ file: shownPath(file), text })),
    checks: checks.map(matrixCheck),
    places: columns,
    exitCode: 0,
  };
  return { record, checks, specs };
}

/**
 * What was unavailable is to be tried again: a kernel may be fetched by now, or a machine reached.
 * @throws {UsageError} when this drlab no longer has one of its checks.
 */
export function begunMatrix(record: MatrixRecord): BegunMatrix {
  const checks = record.checks.map(({ id }) => {
    const check = allChecks.find((one) => one.id === id);
    if (!check) throw new UsageError(`this drlab has no check ${id}, so the matrix cannot be resumed`);
    return check;
  });
  const specs = record.labs.map(({ file, text }) => parseLab(text, file));
  const places = record.places.map((column) => {
    const spec = specs[column.lab];
    return column.state === 'unavailable' && spec ? waitingColumn(column.place, column.lab, spec) : column;
  });
  return { record: { ...record, places }, checks, specs };
}
