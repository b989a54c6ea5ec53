import type { Check } from '../../src/model/check.ts';
import { schedulerChanges, serversComeAndGo } from './changing.ts';
import { closedStopsCounting } from './closing.ts';
import { destinationHashing } from './destination.ts';
import { noneToWeightZero } from './generic.ts';
import { nobodyLeftRefuses, noneToOverloaded } from './generic-limits.ts';
import { quiescedBucketsRefuse, sourceHashFallsBack, sourceHashing, sourcePortsCount } from './hashing.ts';
import {
  activeNeverCountsUdp,
  leastConnection,
  neverQueued,
  shortestDelay,
  weightedLeastConnection,
} from './least.ts';
import { thresholdsHold } from './limits.ts';
import { localityLeast, localityReplicated } from './locality.ts';
import { maglevFlags, maglevHashing, maglevMovesFew, sourceHashingShuffles } from './maglev.ts';
import { failsOver, overflows } from './priority.ts';
import { weightZeroQuiesces } from './quiescing.ts';
import { powerOfTwoChoices } from './random.ts';
import { roundRobin, weightedRoundRobin } from './rotating.ts';

export const scheduler: Check[] = [
  roundRobin,
  weightedRoundRobin,
  leastConnection,
  weightedLeastConnection,
  shortestDelay,
  neverQueued,
  activeNeverCountsUdp,
  destinationHashing,
  sourceHashing,
  quiescedBucketsRefuse,
  sourceHashFallsBack,
  sourcePortsCount,
  sourceHashingShuffles,
  maglevHashing,
  maglevMovesFew,
  maglevFlags,
  failsOver,
  overflows,
  localityLeast,
  localityReplicated,
  powerOfTwoChoices,
  schedulerChanges,
  serversComeAndGo,
  thresholdsHold,
  closedStopsCounting,
  noneToWeightZero,
  noneToOverloaded,
  nobodyLeftRefuses,
  weightZeroQuiesces,
];
