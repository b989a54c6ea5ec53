import { becauseOf } from '../../model/preconditions.ts';
import type { CheckResult } from '../../model/record.ts';
import { stepLine } from '../../model/remedy.ts';
import type { Paint } from '../text/paint.ts';
import { oneLine, plain, shortened } from '../text/safe.ts';
import { duration } from '../text/units.ts';
import { vantagesText } from '../text/vantages.ts';
import { verdictMark } from '../text/verdicts.ts';
import { hanging } from '../text/wrap.ts';

/** `✗ ARP-01  exactly one MAC answers for the VIP                    2.14 s`; of what follows from another finding, which one. */
export function checkLine(result: CheckResult, paint: Paint, width: number): string {
  const { verdict } = result;
  const mark = paint.verdict(verdict, verdictMark[verdict]);
  const id = oneLine(result.id).padEnd(8);
  const took = result.because ? becauseOf(result.because) : duration(result.durationMs);
  const room = Math.max(10, width - 2 - id.length - 1 - Math.max(9, took.length + 1));
  const title = shortened(oneLine(result.title), room);
  const gap = ' '.repeat(room - title.length + Math.max(1, 9 - took.length));
  return `${mark} ${paint.verdict(verdict, id)} ${title}${gap}${paint.dim(took)}`;
}

/** What a reader must know of a check that did not pass; nothing for one that did. */
export function detailLines(result: CheckResult, paint: Paint, width: number): string[] {
  const { verdict } = result;
  if (result.because && verdict === 'inconclusive') return [];
  const say = (name: string, text: string | undefined): string[] =>
    text === undefined || text === '' ? [] : hanging(name, plain(text).trimEnd(), 4, 12, width);
  if (result.because) return say('cause', result.cause ?? result.seen);
  if (verdict === 'fail' || verdict === 'warn') {
    return [
      ...say('requirement', result.requirement).map(paint.dim),
      ...say('expected', result.expected),
      ...say('seen', result.seen),
      ...say('cause', result.cause),
      ...say('from', vantagesText(result)).map(paint.dim),
      ...(result.remedy ?? []).flatMap((step, i) => {
        // A command is never wrapped: it is there to be pasted.
        const columns = 'run' in step ? Number.POSITIVE_INFINITY : width;
        return hanging(i === 0 ? 'remedy' : '', plain(stepLine(step)).trimEnd(), 4, 12, columns);
      }),
    ];
  }
  return verdict === 'pass'
    ? []
    : say(verdict === 'skipped' ? 'skipped' : 'reason', result.reason ?? result.seen);
}
