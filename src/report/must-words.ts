import type { Verdict } from '../model/check.ts';
import type { CheckResult } from '../model/record.ts';
import { isNotJudged, rooted } from './text/roots.ts';
import { plural } from './text/units.ts';
import { countVerdicts } from './text/verdicts.ts';
import { byWhose, hasParts, whoseResult, whoseWords } from './text/whose.ts';

/** What passes and fails, in words. */

/** What fails and passes of the user's set-up first, then of kernel and daemons; where all is of the set-up, without saying so. */
export function passedWords(results: CheckResult[]): string {
  const must = ({ level }: CheckResult): boolean => level === 'must';
  const wordsFor = (some: CheckResult[]): string =>
    mustWords(some, some.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').length);
  if (!hasParts(results)) return wordsFor(results.filter(must));
  const parts = byWhose(results);
  const words = parts.flatMap(({ of, results: own }) => {
    const some = own.filter(must);
    const fails = withVerdict(own, 'fail');
    const said = [
      ...(fails.length > 0 ? [failsWords(fails)] : []),
      ...(some.length > 0 ? [wordsFor(some)] : []),
    ];
    return said.length > 0 ? [`${whoseWords[of].within} ${said.join('; ')}`] : [];
  });
  const isJudged = (result: CheckResult): boolean =>
    whoseResult(result) === 'set-up' && ['pass', 'fail', 'warn'].includes(result.verdict);
  const nothing = results.some(isJudged) ? [] : ['nothing was judged in your set-up'];
  return [...nothing, ...words].join('; ') || 'no MUST check was selected';
}

/** `2 MUST checks fail: ARP-01, PP-02`. */
export function failsWords(fails: CheckResult[]): string {
  const level = fails.every((result) => result.level === 'must') ? 'MUST check' : 'check';
  return `${plural(fails.length, level)} ${fails.length === 1 ? 'fails' : 'fail'}: ${rootIds(fails)}`;
}

/** `44 of 48 MUST checks pass; 4 not judged (2 because of PP-16, 2 unsupported)`: those without a verdict count, too. */
function mustWords(must: CheckResult[], judged: number): string {
  const passed = `${withVerdict(must, 'pass').length} of ${must.length} MUST checks pass`;
  if (judged === must.length) return passed;
  const consequences = must.filter(isNotJudged);
  const roots = [...new Set(consequences.flatMap(({ because }) => because?.check ?? []))];
  const count = countVerdicts(must.filter((result) => !isNotJudged(result)));
  const without = (['unsupported', 'inconclusive', 'broken', 'skipped'] as const).filter(
    (verdict) => count[verdict] > 0,
  );
  const why = [
    ...roots.map((root) => {
      const own = consequences.filter(({ because }) => because?.check === root);
      return `${own.length} because of ${root}`;
    }),
    ...without.map((verdict) => `${count[verdict]} ${verdict}`),
  ];
  const unjudged = `${must.length - judged} not judged`;
  return roots.length === 1 && without.length === 0
    ? `${passed}; ${unjudged} because of ${roots[0]}`
    : `${passed}; ${unjudged} (${why.join(', ')})`;
}

export const withVerdict = (results: CheckResult[], verdict: Verdict): CheckResult[] =>
  results.filter((result) => result.verdict === verdict);

export const ids = (results: CheckResult[]): string => fewOf(results.map(({ id }) => id));

/** `PP-16 (because of it FW-06, VIP-01), PP-24`: a finding once, with those that follow from it. */
export const rootIds = (results: CheckResult[]): string =>
  fewOf(
    rooted(results).map(({ root, consequences }) =>
      consequences.length === 0 ? root.id : `${root.id} (because of it ${ids(consequences)})`,
    ),
  );

function fewOf(names: string[]): string {
  const shown = names.slice(0, 8);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
