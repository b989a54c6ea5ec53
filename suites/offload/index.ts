import type { Check } from '../../src/model/check.ts';

export const offload: Check[] = [];
