import type { Check } from '../model/check.ts';
import { familiesFor, familyOf } from '../model/family.ts';
import {
  becauseOf,
  type Precondition,
  preconditionNames,
  preconditions,
  type Refutation,
  serviceName,
} from '../model/preconditions.ts';
import { presumedBy } from '../model/presumptions.ts';
import type { Because, CheckResult } from '../model/record.ts';
import { hostsOf, type LabSpec } from '../model/spec.ts';
import { fitting, vantagesOf } from '../model/vantage.ts';
import { specFor, withoutLab } from './check.ts';

/** Which findings follow from another one, and what is not judged because of it. */

/** It means something only in a lab that has what others establish. */
export const presumesAny = (check: Check): boolean => !check.stage && presumedBy(check).length > 0;

/** Those that establish preconditions go first, in the order of these, and what follows from one after it; the others stay as they are. */
export function rootsFirst(checks: readonly Check[]): Check[] {
  const rank = ({ establishes: [first] = [], follows = [], stage }: Check): number =>
    first === undefined || stage
      ? 2 * preconditionNames.length
      : 2 * preconditionNames.indexOf(first) + Math.min(1, follows.length);
  return checks.toSorted((a, b) => rank(a) - rank(b));
}

/** A refuted precondition, and the check whose failure refuted it. */
export type Refuted = Refutation & { check: string } & Pick<CheckResult, 'families'>;

/** Of the lab as written: what holds in a lab derived from it is for its own checks to say. */
export const refutedIn = (results: readonly CheckResult[]): Refuted[] =>
  results
    .filter(({ stage, verdict }) => !stage && (verdict === 'fail' || verdict === 'warn'))
    .flatMap(({ id, refutes = [], families }) =>
      refutes.map((one) => ({ ...one, check: id, ...(families && { families }) })),
    );

const sharesFamily = (families: CheckResult['families'], check: Check): boolean =>
  families === undefined || familiesFor(check).some((family) => families.includes(family));

/** The first client and the first fitting service of a lab are those that the check is about. */
function concerns({ of, from, families }: Refuted, { vantages }: Check, spec: LabSpec): boolean {
  if (from !== undefined && !from.includes(hostsOf(spec, 'client')[0]?.name ?? '')) return false;
  const wanted = vantages && 'services' in vantages ? vantages.services : undefined;
  const [asked] = fitting(spec, wanted ?? { protocol: 'tcp' });
  if (families && asked && !families.includes(familyOf(asked.vip))) return false;
  if (of === undefined) return true;
  return asked !== undefined && (asked.vip === of || serviceName(asked) === of);
}

/** What a check that presumes what has been refuted says of a lab, as one client sees it; undefined where it can be judged. */
export function unjudged(check: Check, refuted: readonly Refuted[], spec: LabSpec): Unjudged | undefined {
  if (check.stage) return undefined;
  const presumed = presumedBy(check);
  const root = refuted.find(
    (one) => one.check !== check.id && presumed.includes(one.precondition) && concerns(one, check, spec),
  );
  if (!root) return undefined;
  const because = { check: root.check, hosts: root.hosts };
  const reason = `not judged ${becauseOf(because)}; it presumes that ${preconditions[root.precondition]}`;
  return { verdict: 'inconclusive', reason, because };
}

type Unjudged = { verdict: 'inconclusive'; reason: string; because: Because };

/** The result of a check that can be judged from no vantage; undefined where it can from one. */
export function notJudged(check: Check, refuted: readonly Refuted[], spec: LabSpec): CheckResult | undefined {
  const views = vantagesOf(specFor(check, spec), check.vantages).map((one) =>
    unjudged(check, refuted, one.spec),
  );
  const [first] = views;
  if (!first || views.includes(undefined)) return undefined;
  return { ...withoutLab(check, first.reason, first.verdict), because: first.because };
}

/**
 * The finding that explains this one: it refuted what the check presumes or follows, and this one names no other host.
 * A failure that names another host has a cause of its own.
 */
export function explanation(
  check: Check,
  result: CheckResult,
  refuted: readonly Refuted[],
  spec: LabSpec,
): Because | undefined {
  if (result.because) return result.because;
  if (check.stage || !['fail', 'warn', 'inconclusive', 'broken'].includes(result.verdict)) return undefined;
  // Where two directors have the VIP, whoever asks which one has it ends with that.
  const asking: Precondition[] = result.verdict === 'broken' ? ['vipAtDirector'] : [];
  const sensitive = [...presumedBy(check), ...(check.follows ?? []), ...asking];
  const named = namedIn(result, spec);
  const root = refuted.find(
    (one) =>
      one.check !== check.id &&
      sharesFamily(one.families, check) &&
      sensitive.includes(one.precondition) &&
      explains(one, result.verdict, named),
  );
  return root && { check: root.check, hosts: root.hosts };
}

/** Each with the finding that it follows from, if it does. */
export function explained(
  checks: readonly Check[],
  results: readonly CheckResult[],
  spec: LabSpec,
): CheckResult[] {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const order = rootsFirst(checks).map(({ id }) => id);
  const refuted = refutedIn(results);
  return results.map((result) => {
    const check = byId.get(result.id);
    // Of two that refute the same the first is the root, and not each that of the other.
    const earlier = refuted.filter((one) => order.indexOf(one.check) < order.indexOf(result.id));
    const because = check && explanation(check, result, earlier, spec);
    return because ? { ...result, because } : result;
  });
}

/** Nothing gets through, or nothing by way of the director: what needs that has more hosts to name than the one that is the matter. */
const whole: Precondition[] = ['vipAtDirector', 'framesToDirector', 'serviceAnswers'];

/**
 * A failure is explained where it is at the same hosts. A VIP that nobody holds, or a service that nobody answers, explains
 * what could not be judged there, and what names other hosts beside.
 */
function explains(
  { precondition, hosts }: Refuted,
  verdict: CheckResult['verdict'],
  named: string[],
): boolean {
  if (!whole.includes(precondition) || verdict === 'broken')
    return named.length > 0 && named.every((host) => hosts.includes(host));
  return verdict === 'inconclusive' || named.length === 0 || named.some((host) => hosts.includes(host));
}

/** The hosts that a cause is about, not those that it was seen from; without a cause those that were seen. */
function namedIn({ cause, reason, seen, vantages = [] }: CheckResult, { hosts }: LabSpec): string[] {
  const text = vantages.reduce(
    (left, { from }) => left.replaceAll(`from ${from}`, ''),
    cause ?? reason ?? seen ?? '',
  );
  const words = new Set(text.split(/[^\w-]+/));
  return hosts.map(({ name }) => name).filter((name) => words.has(name));
}
