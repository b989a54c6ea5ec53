import type { Verdict } from '../../model/check.ts';
import type { MatrixCheck, MatrixRecord, PlaceColumn } from '../../model/matrix.ts';
import { exitCode } from '../../util/errors.ts';
import type { Outcome } from '../conclusion.ts';
import { plural } from '../text/units.ts';
import { countCells } from './view.ts';

/** What the checks of one place come to. `nothingFailed`: no MUST was among those that ran. */
export type PlaceOutcome = Outcome | 'nothingFailed' | 'unavailable' | 'waiting';

export const placeOutcomeText: Record<PlaceOutcome, string> = {
  conformant: 'conformant',
  nothingFailed: 'nothing failed',
  notConformant: 'not conformant',
  inconclusive: 'inconclusive',
  nothingRan: 'nothing ran',
  unavailable: 'could not be had',
  interrupted: 'interrupted',
  waiting: 'not reached',
};

/** How a place is coloured, by the verdict that means the same. */
export const placeTone: Record<PlaceOutcome, Verdict> = {
  conformant: 'pass',
  nothingFailed: 'pass',
  notConformant: 'fail',
  inconclusive: 'inconclusive',
  nothingRan: 'unsupported',
  unavailable: 'unsupported',
  interrupted: 'warn',
  waiting: 'skipped',
};

export function placeOutcome(
  { state, run, cells }: PlaceColumn,
  checks: readonly MatrixCheck[],
): PlaceOutcome {
  if (state !== 'done') return state;
  const counts = countCells(cells);
  if (counts.fail > 0) return 'notConformant';
  if (counts.broken + counts.inconclusive + (run?.faults.length ?? 0) > 0) return 'inconclusive';
  if (counts.pass + counts.warn === 0) return 'nothingRan';
  const musts = new Set(checks.filter(({ level }) => level === 'must').map(({ id }) => id));
  return cells.some(({ id, verdict }) => musts.has(id) && verdict === 'pass')
    ? 'conformant'
    : 'nothingFailed';
}

export interface MatrixConclusion {
  /** Colour of the banner; a place that could not be had keeps it from being green. */
  tone: Outcome | 'differs';
  headline: string;
  /** The rest of the sentence, without a full stop. */
  detail: string;
}

/** One line that decides: `22 checks × 6 places: 118 pass, 0 fail, 14 unsupported`. */
export function concludeMatrix(record: MatrixRecord): MatrixConclusion {
  const { places, checks } = record;
  const outcomes = places.map((column) => placeOutcome(column, checks));
  const count = (outcome: PlaceOutcome): number => outcomes.filter((one) => one === outcome).length;
  const of = (outcome: PlaceOutcome): string => howMany(count(outcome), places.length);
  const named = (outcome: PlaceOutcome): string[] => {
    const names = places.filter((_, index) => outcomes[index] === outcome).map(({ place }) => place.name);
    return names.length === 0 ? [] : [`${placeOutcomeText[outcome]}: ${names.join(', ')}`];
  };
  const rest = (...shown: PlaceOutcome[]): string => [totals(record), ...shown.flatMap(named)].join('; ');
  const others = ['inconclusive', 'nothingRan', 'unavailable'] as const;

  if (count('interrupted') + count('waiting') > 0 || record.exitCode === exitCode.interrupted)
    return {
      tone: 'interrupted',
      headline: 'Interrupted',
      detail: rest('notConformant', ...others, 'interrupted', 'waiting'),
    };
  if (count('notConformant') > 0)
    return {
      tone: 'notConformant',
      headline: `Not conformant in ${of('notConformant')}`,
      detail: rest('notConformant', ...others),
    };
  if (count('inconclusive') > 0)
    return {
      tone: 'inconclusive',
      headline: `Inconclusive in ${of('inconclusive')}`,
      detail: rest(...others),
    };
  const green = count('conformant') + count('nothingFailed');
  if (green === 0) return { tone: 'nothingRan', headline: 'Nothing ran', detail: rest(...others) };
  const word = count('conformant') > 0 ? 'Conformant' : 'Nothing failed';
  const where = count('conformant') > 0 ? of('conformant') : of('nothingFailed');
  return {
    tone: green === places.length ? 'conformant' : 'differs',
    headline: `${word} in ${where}`,
    detail: rest('nothingRan', 'unavailable'),
  };
}

export function matrixConclusion(record: MatrixRecord): string {
  const { headline, detail } = concludeMatrix(record);
  return `${headline}: ${detail}.`;
}

function howMany(count: number, all: number): string {
  if (count < all) return `${count} of ${plural(all, 'place')}`;
  return all === 1 ? 'the one place' : `all ${all} places`;
}

/** Pass and fail are named even where there are none. */
function totals({ checks, places }: MatrixRecord): string {
  const counts = countCells(places.flatMap(({ cells }) => cells));
  const others = (['warn', 'inconclusive', 'broken', 'unsupported', 'skipped'] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`);
  const open = checks.length * places.length - places.reduce((sum, { cells }) => sum + cells.length, 0);
  return `${plural(checks.length, 'check')} × ${plural(places.length, 'place')}: ${[
    `${counts.pass} pass`,
    `${counts.fail} fail`,
    ...others,
    ...(open > 0 ? [`${open} not run`] : []),
  ].join(', ')}`;
}
