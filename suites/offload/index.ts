import type { Check } from '../../src/model/check.ts';
import { payloadSurvives } from './matrix.ts';
import { countsBuffers } from './segments.ts';
import { superFramesPass } from './sizes.ts';

export const offload: Check[] = [superFramesPass, payloadSurvives, countsBuffers];
