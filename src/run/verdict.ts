import type { CheckResult, MutantResult } from '../model/record.ts';
import { type ExitCode, exitCode } from '../util/errors.ts';

/**
 * The exit code of a run. A failed MUST weighs more than something that could not be measured, and
 * nothing run is never success.
 */
export function exitOf(results: readonly Pick<CheckResult, 'verdict'>[], faults: number): ExitCode {
  const has = (...verdicts: CheckResult['verdict'][]): boolean =>
    results.some((result) => verdicts.includes(result.verdict));
  if (has('fail')) return exitCode.notConformant;
  if (has('broken', 'inconclusive') || faults > 0) return exitCode.inconclusive;
  return has('pass', 'warn') ? exitCode.conformant : exitCode.nothingRan;
}

/** Of a kill matrix: every mutant killed, and the unbroken lab all green before and after. */
export function exitOfMutants(
  mutants: readonly MutantResult[],
  unbroken: readonly Pick<CheckResult, 'verdict'>[],
  faults: number,
): ExitCode {
  const lab = exitOf(unbroken, faults);
  if (lab !== exitCode.conformant) return lab;
  if (mutants.some((one) => one.outcome === 'survived' || one.outcome === 'wrong-reason'))
    return exitCode.notConformant;
  if (mutants.some((one) => one.outcome === 'no-verdict')) return exitCode.inconclusive;
  return mutants.some((one) => one.outcome === 'killed') ? exitCode.conformant : exitCode.nothingRan;
}
