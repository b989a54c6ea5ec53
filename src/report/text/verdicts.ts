import { type Suite, suiteNames, type Verdict } from '../../model/check.ts';
import type { CheckResult, MutantResult } from '../../model/record.ts';

/** Worst first: the order in which a reader wants them. */
export const verdictOrder = [
  'fail',
  'broken',
  'inconclusive',
  'warn',
  'unsupported',
  'skipped',
  'pass',
] as const satisfies Verdict[];

/** One character each, so that colour is never the only sign. */
export const verdictMark: Record<Verdict, string> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  unsupported: '–',
  skipped: '○',
  inconclusive: '?',
  broken: '↯',
};

export const claimMark = { true: '✓', partly: '~', false: '✗', open: '?' } as const;

export const outcomeMark: Record<MutantResult['outcome'], string> = {
  killed: '✓',
  survived: '✗',
  'wrong-reason': '!',
  'no-verdict': '?',
  unsupported: '–',
};

export const suiteOrder: readonly Suite[] = suiteNames;

export function countVerdicts(results: CheckResult[]): Record<Verdict, number> {
  const counts = { pass: 0, fail: 0, warn: 0, unsupported: 0, skipped: 0, inconclusive: 0, broken: 0 };
  for (const result of results) counts[result.verdict] += 1;
  return counts;
}

/** Suites in their order, each with its results in the order in which they ran. */
export function bySuite(results: CheckResult[]): { suite: Suite; results: CheckResult[] }[] {
  return suiteOrder
    .map((suite) => ({ suite, results: results.filter((result) => result.suite === suite) }))
    .filter((group) => group.results.length > 0);
}

/** `must` as standards write it. */
export const levelName = { must: 'MUST', should: 'SHOULD', measure: 'measure' } as const;
