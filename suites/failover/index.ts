import type { Check } from '../../src/model/check.ts';
import { waitingForTimers } from '../common/scheduling.ts';
import { drainsAndStartsSlowly } from './draining.ts';
import { deadServerRemoved } from './health/dead.ts';
import { health } from './health/index.ts';
import { revivedServerReturns } from './health/revived.ts';
import { heartbeatTakesOver } from './heartbeat.ts';
import { long } from './long/index.ts';
import { sync } from './sync/index.ts';
import { takeOverIsAnnounced } from './vrrp/gratuitous-arp.ts';
import { pairs } from './vrrp/index.ts';
import { masterDies, masterLeaves } from './vrrp/take-over.ts';

export const failover: Check[] = waitingForTimers(
  deadServerRemoved,
  revivedServerReturns,
  masterDies,
  masterLeaves,
  takeOverIsAnnounced,
  ...health,
  drainsAndStartsSlowly,
  heartbeatTakesOver,
  ...sync,
  ...pairs,
  ...long,
);
