import type { RunLine } from '../model/history.ts';
import type { RunRecord } from '../model/record.ts';
import { UsageError } from '../util/errors.ts';
import { differencesOf, isSame } from './fingerprint.ts';
import { isNight, lineOf } from './line.ts';

export type BaselineChoice = { kind: 'median'; runs: number } | { kind: 'named'; name: string };

/** What a run is measured against. */
export interface Baseline {
  /** In words. */
  name: string;
  /** Runs with the fingerprint of the one to be judged, the oldest first, it and the run that it confirms left out. */
  runs: RunLine[];
  /** The centre is the median of so many of the last `runs`… */
  centreOf: number;
  /** …or this one run. */
  named?: RunLine;
  /** Why nothing can be measured against it. */
  incomparable?: string;
}

/** Noise is estimated from at most so many of the last runs: enough for a steady estimate, few enough to be of now. */
const noiseOf = 30;

/** @param text `median:7`, `median` (the same), the ID of a run, or a path. @throws {UsageError} */
export function parseBaseline(text: string): BaselineChoice {
  if (text !== 'median' && !text.startsWith('median:')) return { kind: 'named', name: text };
  const runs = text === 'median' ? 7 : Number(text.slice('median:'.length));
  if (Number.isInteger(runs) && runs >= 1) return { kind: 'median', runs };
  throw new UsageError(`«${text}»: the number of runs must be a whole number of at least 1`, {
    hint: 'for example --baseline median:7',
  });
}

/**
 * @param run the one to be judged
 * @param first the run that it is to confirm
 * @param history all runs that there are
 * @param read reads the record of a run from a file or folder; asked where the history has no such ID
 * @throws whatever `read` throws
 */
export async function selectBaseline(
  choice: BaselineChoice,
  { run, first, history }: { run: RunLine; first?: RunLine; history: readonly RunLine[] },
  read: (path: string) => Promise<RunRecord>,
): Promise<Baseline> {
  const judged = [run.id, first?.id];
  const before = Math.min(...[run, first].flatMap((one) => (one ? Date.parse(one.startedAt) : [])));
  const earlier = history.filter(
    (one) => isNight(one) && !judged.includes(one.id) && Date.parse(one.startedAt) <= before,
  );
  const runs = earlier.filter((one) => isSame(one.fingerprint, run.fingerprint)).slice(-noiseOf);
  if (choice.kind === 'median') {
    const centreOf = choice.runs;
    const name = centreOf === 1 ? 'the last run' : `the median of the last ${centreOf} runs`;
    return { name, runs, centreOf, ...whyTooFew(runs, centreOf, earlier, run) };
  }
  const named = history.find(({ id }) => id === choice.name) ?? lineOf(await read(choice.name));
  const differences = differencesOf(named.fingerprint, run.fingerprint);
  return {
    name: `run ${named.id}`,
    runs,
    centreOf: 1,
    named,
    ...(differences.length > 0 && { incomparable: `run ${named.id} had another ${differences.join('; ')}` }),
  };
}

function whyTooFew(
  runs: readonly RunLine[],
  needed: number,
  earlier: readonly RunLine[],
  run: RunLine,
): Pick<Baseline, 'incomparable'> {
  if (runs.length >= needed) return {};
  const counted = `${runs.length} of the ${needed} runs needed have the same lab, sandbox, kernel and machine`;
  const last = earlier.at(-1);
  const other = last && differencesOf(last.fingerprint, run.fingerprint);
  const changed = other && other.length > 0 ? `; the run before had another ${other.join('; ')}` : '';
  return { incomparable: `${counted}${changed}` };
}
