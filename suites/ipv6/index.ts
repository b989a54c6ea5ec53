import type { Check } from '../../src/model/check.ts';

export const ipv6: Check[] = [];
