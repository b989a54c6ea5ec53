import type { Judgement } from '../../src/model/check.ts';
import { eachOnce, type RemedyStep } from '../../src/model/remedy.ts';

/** The three ends of a judgement, short to write. */

export const pass = (
  expected: string,
  seen: string,
  more: Pick<Judgement, 'figures' | 'charts'> = {},
): Judgement => ({ verdict: 'pass', expected, seen, ...more });

export const fail = (
  expected: string,
  seen: string,
  why: { cause: string; remedy: RemedyStep[] } & Pick<Judgement, 'figures' | 'charts'>,
): Judgement => ({ verdict: 'fail', expected, seen, ...why, remedy: eachOnce(why.remedy) });

/** Not measurable; `seen` says what is missing. */
export const inconclusive = (
  expected: string,
  seen: string,
  more: Pick<Judgement, 'figures' | 'charts'> = {},
): Judgement => ({ verdict: 'inconclusive', expected, seen, ...more });
