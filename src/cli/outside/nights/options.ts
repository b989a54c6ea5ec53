import { type Command, Option } from 'commander';
import { type BaselineChoice, parseBaseline } from '../../../history/baseline.ts';
import { openHistory } from '../../../history/store.ts';
import type { RunRecord } from '../../../model/record.ts';
import { readRecord } from '../../../model/stored/record.ts';
import { UsageError } from '../../../util/errors.ts';
import { makeFolder } from '../folders.ts';

export interface NightOptions {
  history?: string;
  baseline?: string;
  failOn?: 'regression';
}

/** What else happens to a run: it is kept, and judged against those before it. */
export interface Night {
  /** Folder of the history; it exists. */
  dir: string;
  baseline?: BaselineChoice;
  /** Reads the record that the baseline names where the history does not have it. */
  read: (path: string) => Promise<RunRecord>;
  failOn?: 'regression';
}

export const withNights = (command: Command): Command =>
  command
    .option('--history <dir>', 'add the record to this history of nights')
    .option(
      '--baseline <baseline>',
      'judge the figures against median:7 (the median of the last 7 nights), a run of the history, or a run.json',
    )
    .addOption(
      new Option('--fail-on <what>', 'exit with 1 if figures are worse and a second run confirms it').choices(
        ['regression'],
      ),
    );

/**
 * Everything that can be wrong is said before a lab is built.
 * @returns undefined for a run that is no night
 * @throws {UsageError}
 */
export async function openNight({ history, baseline, failOn }: NightOptions): Promise<Night | undefined> {
  if (failOn && baseline === undefined)
    throw new UsageError('--fail-on regression needs --baseline to compare with', {
      hint: 'for example --history nights --baseline median:7 --fail-on regression',
    });
  if (history === undefined) {
    if (baseline === undefined) return undefined;
    throw new UsageError('--baseline needs --history DIR: noise is estimated from earlier nights', {
      hint: 'for example --history nights --baseline median:7',
    });
  }
  const choice = baseline === undefined ? undefined : parseBaseline(baseline);
  const dir = await makeFolder(history, '--history DIR');
  const { runs } = await openHistory(dir);
  if (choice?.kind !== 'named' || runs.some(({ id }) => id === choice.name))
    return { dir, read: readRecord, ...(choice && { baseline: choice }), ...(failOn && { failOn }) };
  const named = await readRecord(choice.name).catch((cause) => {
    throw new UsageError(`--baseline ${choice.name}: no run of the history ${dir}, and no record of a run`, {
      cause,
      hint: `median:7, the ID of a run (drlab trend ${history} lists them), or a run.json`,
    });
  });
  return { dir, baseline: choice, read: async () => named, ...(failOn && { failOn }) };
}
