import type { Check } from '../../src/model/check.ts';

export const defence: Check[] = [];
