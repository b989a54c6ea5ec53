import type { Check } from '../../src/model/check.ts';
import { measuringTheMachine } from '../common/scheduling.ts';
import { setUpLatency } from './latency.ts';
import { loadedLatency } from './loaded.ts';

export const latency: Check[] = measuringTheMachine(setUpLatency, loadedLatency);
