import type { Check } from '../../src/model/check.ts';
import { hangingServerRemoved, wrongAnswersRemoved } from './health-detecting.ts';
import { servesTheVip } from './health-through-vip.ts';

/** What becomes of real servers that die, hang, err or return. */
export const health: Check[] = [hangingServerRemoved, wrongAnswersRemoved, servesTheVip];
