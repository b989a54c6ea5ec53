import type { Check } from '../../src/model/check.ts';
import { activeOnly, backupOnly, macMark } from './fixing.ts';
import { directorServesItself } from './local.ts';
import { noPacketCircles } from './looping.ts';

export const loops: Check[] = [noPacketCircles, directorServesItself, backupOnly, macMark, activeOnly];
