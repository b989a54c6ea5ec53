import type { Check } from '../../src/model/check.ts';
import { ownIdOnly } from './sync-ids.ts';
import { survives } from './sync-surviving.ts';
import { fromTheThird, inTime } from './sync-timing.ts';

/** Synchronisation of connections between directors. */
export const sync: Check[] = [survives, inTime, fromTheThird, ownIdOnly];
