import type { Check } from '../../src/model/check.ts';
import { answersBypassDirector } from './bulk.ts';
import { peakRequests } from './requests.ts';

export const throughput: Check[] = [answersBypassDirector, peakRequests];
