import type { RandomFaults, RunRecord } from '../../model/record.ts';
import { exitCode } from '../../util/errors.ts';
import type { Conclusion } from '../outcome.ts';
import { plural } from '../text/units.ts';
import { countedFaults } from './words.ts';

/** `drlab mutants --random`: what is proven is not a lab, but what a run finds in broken ones. */
export function randomVerdict(record: RunRecord, random: RandomFaults): Conclusion {
  const clauses = countedFaults(random);
  const red = record.results.filter(({ verdict }) => !['pass', 'warn', 'unsupported'].includes(verdict));
  if (red.length > 0) clauses.push(`on the unbroken lab not green: ${red.map(({ id }) => id).join(', ')}`);
  if (record.faults.length > 0) clauses.push(`${plural(record.faults.length, 'problem')} of the run itself`);
  const detail = clauses.join('; ');
  switch (record.exitCode) {
    case exitCode.conformant:
      return { outcome: 'conformant', headline: 'Proven', detail };
    case exitCode.notConformant:
      return { outcome: 'notConformant', headline: 'Not proven', detail };
    case exitCode.nothingRan:
      return { outcome: 'nothingRan', headline: 'Nothing ran', detail };
    case exitCode.interrupted:
      return { outcome: 'interrupted', headline: 'Interrupted', detail };
    default:
      return { outcome: 'inconclusive', headline: 'Inconclusive', detail };
  }
}
