import type { Verdict } from '../../model/check.ts';
import type { MatrixCheck, MatrixRecord, PlaceColumn } from '../../model/matrix.ts';
import type { Outcome } from '../outcome.ts';
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
  unavailable: 'unavailable',
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
  /** Colour of the banner; an unavailable place keeps it from being green. */
  tone: Outcome | 'differs';
  headline: string;
  /** `22 checks × 6 places: 118 pass, 0 fail`. */
  totals: string;
  /** The rest of the sentence, without a full stop. */
  detail: string;
}

/** What is said of places by name, in this order; the green ones are the rest. */
const named = [
  'notConformant',
  'inconclusive',
  'nothingRan',
  'unavailable',
  'interrupted',
  'waiting',
] as const;

/** One line that decides, never greener than the places. */
export function concludeMatrix(record: MatrixRecord): MatrixConclusion {
  const { places, checks } = record;
  const outcomes = places.map((column) => placeOutcome(column, checks));
  const count = (outcome: PlaceOutcome): number => outcomes.filter((one) => one === outcome).length;
  const lists = named.flatMap((outcome) => {
    const names = places.filter((_, index) => outcomes[index] === outcome).map(({ place }) => place.name);
    return names.length === 0 ? [] : [`${placeOutcomeText[outcome]}: ${names.join(', ')}`];
  });
  const sum = totals(record);
  const say = (tone: MatrixConclusion['tone'], headline: string): MatrixConclusion => ({
    tone,
    headline,
    totals: sum,
    detail: [sum, ...lists].join('; '),
  });
  const inPlaces = (outcome: PlaceOutcome): string => `in ${howMany(count(outcome), places.length)}`;

  if (count('interrupted') + count('waiting') > 0) return say('interrupted', 'Interrupted');
  if (count('notConformant') > 0) return say('notConformant', `Not conformant ${inPlaces('notConformant')}`);
  if (count('inconclusive') > 0) return say('inconclusive', `Inconclusive ${inPlaces('inconclusive')}`);
  const green = count('conformant') > 0 ? 'conformant' : 'nothingFailed';
  if (count(green) === 0) return say('nothingRan', 'Nothing ran');
  const tone = count(green) === places.length ? 'conformant' : 'differs';
  return say(tone, `${green === 'conformant' ? 'Conformant' : 'Nothing failed'} ${inPlaces(green)}`);
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
