import type { CheckResult } from '../../model/record.ts';
import { plural } from './units.ts';
import { verdictOrder } from './verdicts.ts';

/** A finding that stands by itself, and those that follow from it. */
export interface Rooted {
  root: CheckResult;
  /** The worst first. */
  consequences: CheckResult[];
}

/** What is set otherwise than the lab file says was so before any traffic: it is the best lead to whatever else is wrong. */
export const isLead = ({ refutes = [] }: CheckResult): boolean =>
  refutes.some(({ precondition }) => precondition === 'asWritten');

/**
 * What did not pass, the worst first, each finding once: below the one that it follows from, or by itself. Before all of
 * them stands what differs from the lab file.
 */
export function rooted(results: readonly CheckResult[]): Rooted[] {
  const open = verdictOrder
    .filter((verdict) => verdict !== 'pass')
    .flatMap((verdict) => results.filter((result) => result.verdict === verdict));
  const byId = new Map(open.map((result) => [result.id, result]));
  const rootOf = (result: CheckResult): CheckResult => {
    const passed = new Set<CheckResult>();
    for (let one = result; !passed.has(one); ) {
      passed.add(one);
      const next = one.because && byId.get(one.because.check);
      if (!next) return one;
      one = next;
    }
    return result;
  };
  const roots = open.filter((result) => rootOf(result) === result);
  return [...roots.filter(isLead), ...roots.filter((one) => !isLead(one))].map((root) => ({
    root,
    consequences: open.filter((result) => result !== root && rootOf(result) === root),
  }));
}

/** In the order in which they are read: the roots, and what follows from each below it; what passed last. */
export const asShown = (results: readonly CheckResult[]): CheckResult[] => [
  ...rooted(results).flatMap(({ root, consequences }) => [root, ...consequences]),
  ...results.filter(({ verdict }) => verdict === 'pass'),
];

/** What it presumes is not so, or it broke on that. */
export const isNotJudged = ({ verdict, because }: CheckResult): boolean =>
  (verdict === 'inconclusive' || verdict === 'broken') && because !== undefined;

/** Of a finding that others follow from: `3 other checks fail (PP-26, VIP-01, FW-06), 2 checks are not judged (SCH-01, HA-01)`. */
export function consequencesText(consequences: readonly CheckResult[], named = { ids: false }): string {
  const unjudged = consequences.filter(isNotJudged);
  const others = consequences.filter((one) => !unjudged.includes(one));
  const clause = (all: readonly CheckResult[], noun: string, one: string, many: string): string[] => {
    if (all.length === 0) return [];
    const which = named.ids ? ` (${all.map(({ id }) => id).join(', ')})` : '';
    return [`${plural(all.length, noun)} ${all.length === 1 ? one : many}${which}`];
  };
  return [
    ...clause(others, 'other check', 'fails', 'fail'),
    ...clause(unjudged, 'check', 'is not judged', 'are not judged'),
  ].join(', ');
}
