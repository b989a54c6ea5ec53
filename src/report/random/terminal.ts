import type { RandomFaultResult } from '../../model/record.ts';
import { type Paint, paintFor } from '../text/paint.ts';
import { oneLine } from '../text/safe.ts';
import { hanging } from '../text/wrap.ts';
import { faultMark, faultTone, isFine, saidOf } from './words.ts';

/** One fault when it has been judged; with what was said first, where that was not right. */
export function faultLines(result: RandomFaultResult, paint: Paint, width: number): string[] {
  const { id, kind, outcome, breaks } = result;
  const mark = paint.verdict(faultTone[outcome], `${faultMark[outcome]} ${outcome.padEnd(11)}`);
  const head = `${mark} ${id} ${kind.padEnd(20)}  ${oneLine(breaks)}`;
  return isFine(result) ? [head] : [head, ...hanging('', oneLine(saidOf(result)), 4, 0, width)];
}

export const randomLine = (result: RandomFaultResult, o: { color: boolean; width: number }): string =>
  faultLines(result, paintFor(o.color), Math.max(40, o.width)).join('\n');
