import type { Check, Mutant } from '../model/check.ts';
import type { Case } from '../model/job.ts';
import type { CheckResult, MutantResult } from '../model/record.ts';
import { hostsOf, type LabSpec } from '../model/spec.ts';
import { NotInLab } from '../util/errors.ts';

/** The kill matrix: which check sees which misconfiguration. */

const needsPair = ({ needs }: Check): boolean =>
  needs.some((need) => need === 'directorPair' || need === 'healthChecks' || need === 'directorFault');

/**
 * A smaller lab in which the check means the same: one ipvsadm director instead of a VRRP pair, which
 * saves the seconds of an election for every mutant.
 */
export function reduced(spec: LabSpec, check: Check): LabSpec {
  if (needsPair(check) || spec.director.kind !== 'keepalived') return spec;
  const [first, ...others] = hostsOf(spec, 'director').map((host) => host.name);
  if (first === undefined) return spec;
  return {
    ...structuredClone(spec),
    director: { kind: 'ipvsadm' },
    hosts: structuredClone(spec.hosts.filter((host) => !others.includes(host.name))),
  };
}

const nameOf = (check: Check, mutant: Mutant): string => `${check.id}/${mutant.id}`;

/** The unbroken lab, then one broken lab for each mutant, then the unbroken lab again. */
export function mutantCases(spec: LabSpec, checks: readonly Check[]): Case[] {
  const ids = checks.filter((check) => check.mutants.length > 0).map((check) => check.id);
  const broken = checks.flatMap((check) =>
    check.mutants.flatMap((mutant) => {
      const changed = changedBy(mutant, reduced(spec, check));
      return changed ? [{ name: nameOf(check, mutant), spec: changed, checks: [check.id] }] : [];
    }),
  );
  return [{ name: 'before', spec, checks: ids }, ...broken, { name: 'after', spec, checks: ids }];
}

/** Undefined where the lab has nothing that this mutant could break. */
function changedBy(mutant: Mutant, spec: LabSpec): LabSpec | undefined {
  try {
    return mutant.change(spec);
  } catch (error) {
    if (error instanceof NotInLab) return undefined;
    throw error;
  }
}

/** What became of each mutant. A crash, a missing power or an unhealthy instrument is no kill. */
export function killMatrix(checks: readonly Check[], results: Map<string, CheckResult[]>): MutantResult[] {
  return checks.flatMap((check) =>
    check.mutants.map((mutant): MutantResult => {
      const ran = results.get(nameOf(check, mutant));
      const result = ran?.find((one) => one.id === check.id);
      const missing = ran ? 'the check did not run' : 'the lab has nothing to break so';
      const seen = result?.seen ?? result?.reason ?? missing;
      return {
        check: check.id,
        mutant: mutant.id,
        breaks: mutant.breaks,
        outcome: ran ? outcomeOf(mutant, result) : 'unsupported',
        verdict: result?.verdict ?? (ran ? 'broken' : 'unsupported'),
        seen: result?.cause ? `${seen}; ${result.cause}` : seen,
      };
    }),
  );
}

/** What the result of one broken lab means, as a line; undefined for the unbroken labs. */
export function meaningOf(
  checks: readonly Check[],
  caseName: string,
  result: CheckResult,
): { good: boolean; text: string } | undefined {
  const check = checks.find((one) => one.id === result.id);
  const mutant = check?.mutants.find((one) => check && nameOf(check, one) === caseName);
  if (!check || !mutant) return undefined;
  const outcome = outcomeOf(mutant, result);
  const said = outcome === 'killed' ? '' : `: ${result.verdict}, ${result.seen ?? result.reason}`;
  return {
    good: outcome === 'killed' || outcome === 'unsupported',
    text: `${outcome.padEnd(8)} ${caseName}  ${mutant.breaks}${said}`,
  };
}

function outcomeOf(mutant: Mutant, result: CheckResult | undefined): MutantResult['outcome'] {
  if (result?.verdict === 'pass') return 'survived';
  if (result?.verdict === 'unsupported') return 'unsupported';
  if (result?.verdict !== 'fail' && result?.verdict !== 'warn') return 'no-verdict';
  return mutant.reason.test(`${result.seen}; ${result.cause}`) ? 'killed' : 'wrong-reason';
}
