import type { Check } from '../../../src/model/check.ts';
import { takingHours } from '../../common/scheduling.ts';
import { idleIsForgotten, keptAliveIsKept } from './idle.ts';
import { quietHour } from './quiet.ts';

/** What shows after a quarter of an hour and more: only virtual time can afford to wait for it. */
export const long: Check[] = takingHours(quietHour, idleIsForgotten, keptAliveIsKept);
