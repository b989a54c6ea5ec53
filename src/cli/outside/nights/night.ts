import { dirname, join } from 'node:path';
import { selectBaseline } from '../../../history/baseline.ts';
import { fingerprintOf } from '../../../history/fingerprint.ts';
import { gate } from '../../../history/gate.ts';
import { lineOf } from '../../../history/line.ts';
import { appendRun, openHistory, replaceRun } from '../../../history/store.ts';
import { trendsOf } from '../../../history/trend.ts';
import type { GateResult, NightGate } from '../../../model/history.ts';
import type { RunRecord } from '../../../model/record.ts';
import { conclusion, type RunHistory, writeReports } from '../../../report/index.ts';
import { exitCode, messageOf } from '../../../util/errors.ts';
import type { Measured } from '../measure.ts';
import { exitOfNight } from './exit.ts';
import type { Night } from './options.ts';

/** Of the folder of a night; the run that confirms it is below. */
export const confirmingFolder = 'confirming';

export interface NightRun {
  night: Night;
  measured: Measured;
  /** Runs the same once more. @param out folder for its reports */
  again: (out: string) => Promise<Measured>;
  tell: (text: string) => void;
}

/**
 * Keeps the record of a run, judges it, runs once more where something is suspected, and writes what came of it into the
 * record and its reports. The first run is kept before the second begins: what was measured is not lost.
 */
export async function endNight({ night, measured, again, tell }: NightRun): Promise<void> {
  const { record } = measured;
  if (!(await keep(night, record, tell))) return;
  if (!night.baseline) {
    await writeReports(record, dirname(measured.paths.json), await historyOf(night.dir, record));
    return;
  }
  const first = await judged(night, record);
  tell(`${first.verdict}: ${first.reason}`);
  if (!first.needsConfirming) return end(night, measured, first);

  tell('running the same again: a regression needs two runs that show it');
  const folder = join(dirname(measured.paths.json), confirmingFolder);
  const second = await again(folder).catch((error) => {
    record.faults.push({ message: `the run could not be confirmed: ${messageOf(error)}` });
    return undefined;
  });
  if (!second) return end(night, measured, first);
  second.record.confirms = record.id;
  await writeReports(second.record, folder);
  const confirming = {
    run: second.record.id,
    folder: confirmingFolder,
    conclusion: conclusion(second.record),
  };
  const kept = await keep(night, second.record, tell);
  const result = kept ? await judged(night, second.record, record) : first;
  await end(night, measured, { ...result, confirming }, second.record);
}

/** A run that was ended early, or never had a lab, is no night. */
async function keep({ dir }: Night, record: RunRecord, tell: (text: string) => void): Promise<boolean> {
  if (record.exitCode === exitCode.interrupted || record.exitCode === exitCode.unavailable) {
    tell(`not kept in ${dir}: ${conclusion(record)}`);
    return false;
  }
  await appendRun(dir, record);
  return true;
}

/** @param first the run that this one is to confirm */
async function judged(
  { dir, baseline: choice = { kind: 'median', runs: 7 }, read }: Night,
  record: RunRecord,
  first?: RunRecord,
): Promise<GateResult> {
  const { runs: history } = await openHistory(dir);
  const asked = { run: lineOf(record), ...(first && { first: lineOf(first) }) };
  return gate({ ...asked, baseline: await selectBaseline(choice, { ...asked, history }, read) });
}

async function end(
  { dir, failOn }: Night,
  { record, paths }: Measured,
  result: Omit<NightGate, 'fingerprint'>,
  second?: RunRecord,
): Promise<void> {
  record.gate = { ...result, fingerprint: fingerprintOf(record), ...(failOn && { failOn }) };
  if (second && second.exitCode !== exitCode.conformant && second.exitCode !== record.exitCode)
    record.faults.push({ message: `the confirming run ${second.id}: ${conclusion(second)}` });
  record.exitCode = exitOfNight(record, second);
  await replaceRun(dir, record);
  await writeReports(record, dirname(paths.json), await historyOf(dir, record));
}

/** The run among those of a history, as the reports show it. */
export async function historyOf(dir: string, record: RunRecord): Promise<RunHistory> {
  const fingerprint = fingerprintOf(record);
  const { runs } = await openHistory(dir);
  return {
    ...{ fingerprint, run: record.id, trends: trendsOf(runs, fingerprint) },
    ...(record.gate && { gate: record.gate }),
  };
}
