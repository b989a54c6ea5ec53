import type { LeftOut } from '../report/index.ts';

/** What the catalogue of LVS-DR checks has and drlab does not, with the reason. */
export const leftOut: LeftOut[] = [];
