import type { Check } from '../../src/model/check.ts';
import { directorCarriesNoAnswers } from './reverse.ts';
import { looseFilterPasses, noReversePathDrops, strictIsFineOnOne } from './reverse-filter.ts';
import { limitsFromWithin } from './reverse-local.ts';
import { ownTrafficUsesRip } from './reverse-source.ts';
import { serversSeeWhole } from './reverse-tracking.ts';

/** The way back, from RP-03 on. */
export const reverse: Check[] = [
  directorCarriesNoAnswers,
  noReversePathDrops,
  looseFilterPasses,
  strictIsFineOnOne,
  serversSeeWhole,
  ownTrafficUsesRip,
  limitsFromWithin,
];
