import type { MutantResult, RunRecord } from '../model/record.ts';
import { exitCode } from '../util/errors.ts';
import type { Conclusion } from './outcome.ts';
import { plural } from './text/units.ts';

/** `drlab mutants`: what is proven is not a lab, but that the checks can fail. */
export function mutantsVerdict(record: RunRecord, mutants: MutantResult[]): Conclusion {
  const of = (...outcomes: MutantResult['outcome'][]) =>
    mutants.filter((mutant) => outcomes.includes(mutant.outcome));
  const possible = mutants.length - of('unsupported').length;
  const killed = `${of('killed').length} of ${plural(possible, 'mutant')} killed`;
  const alive = of('survived', 'wrong-reason');
  const unclear = of('no-verdict');
  const red = record.results.filter(({ verdict }) => !['pass', 'warn', 'unsupported'].includes(verdict));
  const clauses = [killed];
  if (alive.length > 0) clauses.push(`no check caught ${names(alive)}`);
  if (unclear.length > 0) clauses.push(`no verdict on ${names(unclear)}`);
  if (possible < mutants.length)
    clauses.push(`${mutants.length - possible} cannot be made in this lab (unsupported)`);
  if (red.length > 0) clauses.push(`on the unbroken lab not green: ${red.map(({ id }) => id).join(', ')}`);
  if (record.faults.length > 0) clauses.push(`${plural(record.faults.length, 'problem')} of the run itself`);
  const detail = clauses.join('; ');
  if (record.exitCode === exitCode.interrupted) {
    return { outcome: 'interrupted', headline: 'Interrupted', detail };
  }
  if (alive.length > 0 || record.exitCode === exitCode.notConformant) {
    return { outcome: 'notConformant', headline: 'Not proven', detail };
  }
  if (unclear.length > 0 || record.faults.length > 0 || !fine.includes(record.exitCode)) {
    return { outcome: 'inconclusive', headline: 'Inconclusive', detail };
  }
  if (mutants.length === 0 || record.exitCode === exitCode.nothingRan) {
    return {
      outcome: 'nothingRan',
      headline: 'Nothing ran',
      detail: mutants.length === 0 ? 'no mutant was selected' : detail,
    };
  }
  return { outcome: 'conformant', headline: 'Proven', detail: `${detail}, each for the reason it names` };
}

/** Exit codes that mean that nothing went wrong. */
const fine: number[] = [exitCode.conformant, exitCode.nothingRan];

function names(mutants: MutantResult[]): string {
  const shown = mutants.slice(0, 6).map((mutant) => `${mutant.check}/${mutant.mutant}`);
  const more = mutants.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
