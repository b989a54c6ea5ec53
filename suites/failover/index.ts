import type { Check } from '../../src/model/check.ts';
import { takeOverIsAnnounced } from './announcement.ts';
import { masterDies, masterLeaves } from './director.ts';
import { health } from './health.ts';
import { long } from './long.ts';
import { pairs } from './pairs.ts';
import { deadServerRemoved, revivedServerReturns } from './realserver.ts';
import { sync } from './sync.ts';

export const failover: Check[] = [
  deadServerRemoved,
  revivedServerReturns,
  masterDies,
  masterLeaves,
  takeOverIsAnnounced,
  ...health,
  ...sync,
  ...pairs,
  ...long,
];
