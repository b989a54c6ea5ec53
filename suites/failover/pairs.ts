import type { Check } from '../../src/model/check.ts';
import { formulas } from './vrrp-formula.ts';

/** Pairs of directors that take over from each other by VRRP, beyond what every lab with such a pair is asked. */
export const pairs: Check[] = [...formulas];
