import type { Check } from '../../src/model/check.ts';
import { directorServesItself } from './local.ts';
import { noPacketCircles } from './looping.ts';
import { activeOnly, backupOnly, macMark } from './mending.ts';

export const loops: Check[] = [noPacketCircles, directorServesItself, backupOnly, macMark, activeOnly];
