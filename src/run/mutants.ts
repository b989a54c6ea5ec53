import type { Check, Mutant } from '../model/check.ts';
import { withoutFiles } from '../model/files.ts';
import type { Case, Purpose } from '../model/job.ts';
import { onOneLan } from '../model/labfile/one-lan.ts';
import type { CheckResult, MutantResult } from '../model/record.ts';
import type { LabSpec } from '../model/spec.ts';
import { NotInLab } from '../util/errors.ts';
import { reduced, stagedSpec, unbroken } from './cases.ts';
import { allJudgedFor } from './own.ts';
import { caseName, purposeName } from './purpose.ts';
import { isApart } from './scheduling.ts';

/** The kill matrix: which check sees which misconfiguration. */

const purposeOf = (check: Check, mutant: Mutant): Purpose => ({
  kind: 'mutant',
  check: check.id,
  mutant: mutant.id,
});

/**
 * The unbroken labs, then one broken lab for each mutant, then the lab as written again. In a broken lab the mutant's
 * own check goes first, on fresh tables; `beside` are asked after it, once for all mutants that break the lab alike. Hosts
 * bring no files and are on one LAN, since a mutant changes what drlab writes.
 */
export function mutantCases(
  written: LabSpec,
  selected: readonly Check[],
  beside: readonly Check[] = [],
): Case[] {
  const spec = onOneLan(withoutFiles(written));
  const checks = allJudgedFor(spec, selected);
  const others = allJudgedFor(spec, beside);
  const firstOf = new Map<string, string>();
  const brokenCase = (check: Check, mutant: Mutant): Case[] => {
    const changed = brokenSpec(spec, check, mutant);
    if (!changed) return [];
    const purpose = purposeOf(check, mutant);
    const lab = JSON.stringify([check.stage?.id, changed]);
    const first = firstOf.get(lab);
    if (first !== undefined) return [{ purpose, spec: changed, checks: [check.id], sameLabAs: first }];
    firstOf.set(lab, purposeName(purpose));
    return [{ purpose, spec: changed, checks: [check.id, ...askedBeside(check, others)] }];
  };
  const broken = checks.flatMap((check) => check.mutants.flatMap((mutant) => brokenCase(check, mutant)));
  const mutated = checks.filter((check) => check.mutants.length > 0);
  const asWritten = mutated.filter((check) => !check.stage && !isApart(check));
  return [...unbroken('before', spec, mutated), ...broken, ...unbroken('after', spec, asWritten)];
}

/** Undefined where the lab has nothing that this mutant could break. */
export function brokenSpec(spec: LabSpec, check: Check, mutant: Mutant): LabSpec | undefined {
  const staged = stagedSpec(reduced(spec, check), check);
  if ('impossible' in staged) return undefined;
  try {
    return mutant.change(staged.spec);
  } catch (error) {
    if (error instanceof NotInLab) return undefined;
    throw error;
  }
}

/** The MUST checks that mean something in the same lab and leave it as it is. */
const askedBeside = (check: Check, others: readonly Check[]): string[] =>
  others
    .filter(
      (other) =>
        other.id !== check.id &&
        other.level === 'must' &&
        !isApart(other) &&
        !other.disturbs &&
        other.stage?.id === check.stage?.id,
    )
    .map((other) => other.id);

/** What became of each mutant. A crash, a missing capability or an unhealthy instrument is no kill. */
export function killMatrix(
  checks: readonly Check[],
  cases: readonly Case[],
  results: Map<string, CheckResult[]>,
): MutantResult[] {
  return checks.flatMap((check) =>
    check.mutants.map((mutant): MutantResult => {
      const name = purposeName(purposeOf(check, mutant));
      const ran = results.get(name);
      const result = ran?.find((one) => one.id === check.id);
      const missing = ran ? 'the check did not run' : 'the lab has nothing to break in this way';
      const seen = result?.seen ?? result?.reason ?? missing;
      const lab = cases.find((one) => caseName(one) === name)?.sameLabAs ?? name;
      const others = results.get(lab)?.filter((one) => one.id !== check.id) ?? [];
      return {
        check: check.id,
        mutant: mutant.id,
        breaks: mutant.breaks,
        outcome: ran ? outcomeOf(mutant, result) : 'unsupported',
        verdict: result?.verdict ?? (ran ? 'broken' : 'unsupported'),
        seen: result?.cause ? `${seen}; ${result.cause}` : seen,
        ...(others.length > 0 && { others: others.map(ofOther) }),
      };
    }),
  );
}

const ofOther = ({ id, verdict }: CheckResult) => ({ check: id, verdict });

/** What the result of one broken lab means, as a line; undefined for the unbroken labs, `quiet` for the other checks that were asked there. */
export function meaningOf(
  checks: readonly Check[],
  purpose: Purpose,
  result: CheckResult,
): { good: boolean; text: string } | 'quiet' | undefined {
  if (purpose.kind === 'unbroken') return undefined;
  const check = checks.find(({ id }) => id === purpose.check);
  const mutant = check?.mutants.find(({ id }) => id === purpose.mutant);
  if (!mutant || result.id !== purpose.check) return 'quiet';
  const outcome = outcomeOf(mutant, result);
  const said = outcome === 'killed' ? '' : `: ${result.verdict}, ${result.seen ?? result.reason}`;
  return {
    good: outcome === 'killed' || outcome === 'unsupported',
    text: `${outcome.padEnd(8)} ${purposeName(purpose)}  ${mutant.breaks}${said}`,
  };
}

function outcomeOf(mutant: Mutant, result: CheckResult | undefined): MutantResult['outcome'] {
  if (result?.verdict === 'pass') return 'survived';
  if (result?.verdict === 'unsupported') return 'unsupported';
  if (result?.verdict !== 'fail' && result?.verdict !== 'warn') return 'no-verdict';
  if (mutant.elsewhere && result.vantages?.[0]?.verdict !== 'pass') return 'wrong-reason';
  return mutant.reason.test(`${result.seen}; ${result.cause}`) ? 'killed' : 'wrong-reason';
}
