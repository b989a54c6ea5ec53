import type { Check } from '../../src/model/check.ts';
import { takeOverIsAnnounced } from './announcement.ts';
import { masterDies, masterLeaves } from './director.ts';
import { deadServerRemoved, revivedServerReturns } from './realserver.ts';
import { sync } from './sync.ts';

export const failover: Check[] = [
  deadServerRemoved,
  revivedServerReturns,
  masterDies,
  masterLeaves,
  takeOverIsAnnounced,
  ...sync,
];
