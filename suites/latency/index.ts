import type { Check } from '../../src/model/check.ts';
import { setUpLatency } from './latency.ts';

export const latency: Check[] = [setUpLatency];
