import type { MutantResult, RunRecord } from '../model/record.ts';
import { exitCode } from '../util/errors.ts';
import type { Conclusion } from './conclusion.ts';
import { plural } from './text/units.ts';

/** `drlab mutants`: what is proven is not a lab, but that the checks can fail. */
export function mutantsVerdict(record: RunRecord, mutants: MutantResult[]): Conclusion {
  const of = (...outcomes: MutantResult['outcome'][]) =>
    mutants.filter((mutant) => outcomes.includes(mutant.outcome));
  const killed = `${of('killed').length} of ${plural(mutants.length, 'mutant')} killed`;
  const alive = of('survived', 'wrong-reason');
  const unclear = of('no-verdict');
  if (record.exitCode === exitCode.interrupted) {
    return { outcome: 'interrupted', headline: 'Interrupted', detail: killed };
  }
  if (alive.length > 0 || record.exitCode === exitCode.notConformant) {
    const clauses = [killed];
    if (alive.length > 0) clauses.push(`no check caught ${names(alive)}`);
    return { outcome: 'notConformant', headline: 'Not proven', detail: clauses.join('; ') };
  }
  if (mutants.length === 0) {
    return { outcome: 'nothingRan', headline: 'Nothing ran', detail: 'no mutant was selected' };
  }
  if (unclear.length > 0 || record.faults.length > 0 || record.exitCode !== exitCode.conformant) {
    const clauses = [killed];
    if (unclear.length > 0) clauses.push(`no verdict on ${names(unclear)}`);
    if (record.faults.length > 0)
      clauses.push(`${plural(record.faults.length, 'problem')} of the run itself`);
    return { outcome: 'inconclusive', headline: 'Inconclusive', detail: clauses.join('; ') };
  }
  return { outcome: 'conformant', headline: 'Proven', detail: `${killed}, each for the reason it names` };
}

function names(mutants: MutantResult[]): string {
  const shown = mutants.slice(0, 6).map((mutant) => `${mutant.check}/${mutant.mutant}`);
  const more = mutants.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
