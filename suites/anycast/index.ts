import type { Check } from '../../src/model/check.ts';
import { hopsServe } from './hopping.ts';
import { crashIsNoticed, stopWithdraws, withoutServersWithdraws } from './lost.ts';
import { directorsMapAlike } from './mapping.ts';
import { flowsAreSpread } from './spreading.ts';
import { connectionsSurvive } from './surviving.ts';
import { errorsFindServer } from './telling.ts';

/** Directors that are all active and announce the VIPs, and the router that spreads flows over them. */
export const anycast: Check[] = [
  hopsServe,
  flowsAreSpread,
  directorsMapAlike,
  errorsFindServer,
  crashIsNoticed,
  stopWithdraws,
  withoutServersWithdraws,
  connectionsSurvive,
];
