import type { Finding } from '../../model/exploration.ts';

type Judged = Omit<Finding, 'invariant'>;

export const holds = (seen: string): Judged => ({ verdict: 'holds', seen });
export const fails = (seen: string): Judged => ({ verdict: 'fails', seen });
export const inconclusive = (seen: string): Judged => ({ verdict: 'inconclusive', seen });

/** On the clock of the load: `3.25 s`. */
export const at = (tMs: number): string => `${(tMs / 1000).toFixed(2)} s`;

export const list = (names: readonly string[]): string => [...new Set(names)].join(', ') || 'nobody';
