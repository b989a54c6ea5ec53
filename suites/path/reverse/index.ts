import type { Check } from '../../../src/model/check.ts';
import { directorCarriesNoAnswers } from './carrying.ts';
import { directorsUseTheirOwn } from './director-source.ts';
import { looseFilterPasses, noReversePathDrops, strictIsFineOnOne } from './filter.ts';
import { limitsFromWithin } from './local.ts';
import { ownTrafficUsesRip } from './source.ts';
import { serversSeeWhole } from './tracking.ts';

/** The way back, from RP-03 on. */
export const reverse: Check[] = [
  directorCarriesNoAnswers,
  noReversePathDrops,
  looseFilterPasses,
  strictIsFineOnOne,
  serversSeeWhole,
  ownTrafficUsesRip,
  directorsUseTheirOwn,
  limitsFromWithin,
];
