import type { Check } from '../../src/model/check.ts';
import { neighbourStaysDirector, noArpFromVip } from './announcing.ts';
import { oneMacAnswers, ripAnswers } from './answering.ts';
import { oneHolder } from './holders.ts';

export const arp: Check[] = [oneMacAnswers, neighbourStaysDirector, noArpFromVip, ripAnswers, oneHolder];
