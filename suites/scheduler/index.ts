import type { Check } from '../../src/model/check.ts';
import { weightZeroQuiesces } from './quiescing.ts';
import { roundRobin, weightedRoundRobin } from './rotating.ts';

export const scheduler: Check[] = [roundRobin, weightedRoundRobin, weightZeroQuiesces];
