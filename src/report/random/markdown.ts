import type { RandomFaults } from '../../model/record.ts';
import { code, table, text } from '../text/md.ts';
import { faultMark, saidOf } from './words.ts';

export function randomMarkdown(random: RandomFaults | undefined): string {
  if (!random) return '';
  const rows = random.faults.map((fault) => [
    code(fault.id),
    code(fault.kind),
    text(fault.breaks),
    `${faultMark[fault.outcome]} ${fault.outcome}`,
    text(saidOf(fault)),
  ]);
  const heads = ['fault', 'kind', 'what was done', 'outcome', 'what its report says first'];
  return `### Random faults (seed ${random.seed})\n\n${table(heads, rows)}`;
}
