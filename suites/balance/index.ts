import type { Check } from '../../src/model/check.ts';
import { sourcesKeepServer } from './affinity.ts';
import { flowsThatMove } from './moving.ts';
import { sharesByScheduler } from './sharing.ts';

export const balance: Check[] = [sharesByScheduler, sourcesKeepServer, flowsThatMove];
