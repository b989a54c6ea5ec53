import type { Check } from '../model/check.ts';
import type { Diagnosis, Signature } from '../model/diagnosis.ts';
import type { CheckResult, MutantResult } from '../model/record.ts';
import { stepLine } from '../model/remedy.ts';

/** From failures to their likely cause, by the failures that known misconfigurations made in a kill matrix. */

/** Chance that a check says otherwise than in the kill matrix although the same thing is wrong. */
const otherwise = 0.06;
const mostShown = 3;
const leastShare = 0.05;

type Said = Map<string, 'pass' | 'fail'>;

/**
 * Candidates are misconfigurations whose own check failed here for the reason that it fails for there, in its words. A pattern
 * of failures alone names nothing.
 * @param servers names of the real servers: what is wrong with one of them may be wrong with another
 * @returns the likeliest, best first; none where nothing failed or nothing known looks like it
 */
export function diagnose(
  results: readonly CheckResult[],
  signatures: readonly Signature[],
  checks: readonly Check[],
  servers: readonly string[] = [],
): Diagnosis[] {
  const said: Said = new Map(
    results.flatMap(({ id, verdict }): [string, 'pass' | 'fail'][] => {
      if (verdict === 'fail' || verdict === 'warn') return [[id, 'fail']];
      return verdict === 'pass' ? [[id, 'pass']] : [];
    }),
  );
  const scored = signatures
    .filter((one) => one.failed.some((id) => said.get(id) === 'fail'))
    .map((signature) => score(signature, said, results, { checks, servers }));
  // What follows from another finding has the cause of that one.
  const candidates = scored.filter(({ own }) => own && !own.because);
  const total = candidates.reduce((sum, one) => sum + one.likelihood, 0);
  const likely = candidates.filter(({ likelihood }) => likelihood / total >= leastShare);
  const shown = grouped(likely.toSorted((a, b) => b.likelihood - a.likelihood)).slice(0, mostShown);
  return shown.map(({ first: { signature, agree, of, own }, also, likelihood }, i) => {
    const next = shown[i + 1]?.first.signature;
    const apart = next && tellingApart(signature, next, said);
    return {
      mutant: signature.mutant,
      breaks: signature.breaks,
      ...(also.length > 0 && { also }),
      agree,
      of,
      share: Math.round((likelihood / total) * 1000) / 1000,
      ...(own?.cause !== undefined && { cause: own.cause }),
      ...(own?.remedy !== undefined && { remedy: own.remedy }),
      ...(apart !== undefined && { apart }),
    };
  });
}

interface Scored {
  signature: Signature;
  agree: number;
  of: number;
  likelihood: number;
  /** What the candidate's own check says in this run, where that is its reason. */
  own: CheckResult | undefined;
}

interface Group {
  first: Scored;
  /** What else would be put right by the same remedy. */
  also: string[];
  likelihood: number;
}

/** Candidates with one remedy in this run are one, in the order of what they come to together. */
function grouped(ranked: readonly Scored[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of ranked) {
    const key = one.own?.remedy?.map(stepLine).join('\n') ?? one.signature.mutant;
    const group = groups.get(key);
    if (!group) groups.set(key, { first: one, also: [], likelihood: one.likelihood });
    else {
      group.likelihood += one.likelihood;
      const { breaks } = one.signature;
      if (breaks !== group.first.signature.breaks && !group.also.includes(breaks)) group.also.push(breaks);
    }
  }
  return [...groups.values()].toSorted((a, b) => b.likelihood - a.likelihood);
}

function score(
  signature: Signature,
  said: Said,
  results: readonly CheckResult[],
  { checks, servers }: { checks: readonly Check[]; servers: readonly string[] },
): Scored {
  const both = [
    ...signature.failed.map((id) => [id, 'fail'] as const),
    ...signature.passed.map((id) => [id, 'pass'] as const),
  ].filter(([id]) => said.has(id));
  const agree = both.filter(([id, verdict]) => said.get(id) === verdict).length;
  // What failed here and was not asked there speaks neither for nor against it, but leaves it unexplained.
  const known = new Set(both.map(([id]) => id));
  const unexplained = [...said].filter(([id, verdict]) => verdict === 'fail' && !known.has(id)).length;
  const pattern = (1 - otherwise) ** agree * otherwise ** (both.length - agree) * 0.5 ** unexplained;
  const [id, mutantId] = partsOf(signature);
  const mutant = checks.find((check) => check.id === id)?.mutants.find((one) => one.id === mutantId);
  const result = results.find((one) => one.id === id);
  const failed = result && said.get(id) === 'fail' ? result : undefined;
  const words = failed && mutant && reasonIn(mutant.reason, `${failed.seen}; ${failed.cause}`, servers);
  return { signature, agree, of: both.length, likelihood: pattern, own: words ? failed : undefined };
}

/** The reason is in the words of a lab whose first real server was broken. */
function reasonIn(reason: RegExp, said: string, servers: readonly string[]): boolean {
  const [first = ''] = servers;
  const renamed = (name: string): string =>
    said.replace(/[\w-]+/g, (word) => (word === name ? first : word === first ? name : word));
  return [said, ...servers.map(renamed)].some((words) => reason.test(words));
}

const partsOf = ({ mutant }: Signature): [string, string] => {
  const slash = mutant.indexOf('/');
  return [mutant.slice(0, slash), mutant.slice(slash + 1)];
};

function tellingApart(a: Signature, b: Signature, said: Said): string | undefined {
  const differs = [
    ...a.failed.filter((id) => b.passed.includes(id)).map((id) => ({ id, a: 'fails' })),
    ...a.passed.filter((id) => b.failed.includes(id)).map((id) => ({ id, a: 'passes' })),
  ];
  const open = differs.filter(({ id }) => !said.has(id));
  const [first] = open.length > 0 ? open : differs;
  if (!first) return undefined;
  const other = `and not with «${b.breaks}»`;
  return open.length > 0
    ? `drlab run ${first.id}: it ${first.a} with this one ${other}`
    : `${first.id} ${first.a} with this one ${other}; here it ${said.get(first.id) === 'fail' ? 'failed' : 'passed'}`;
}

/** The signatures that a finished kill matrix shows. */
export function signaturesOf(mutants: readonly MutantResult[]): Signature[] {
  return mutants
    .filter(({ outcome }) => outcome === 'killed')
    .map(({ check, mutant, breaks, others = [] }) => {
      const that = (...verdicts: string[]) =>
        others.filter(({ verdict }) => verdicts.includes(verdict)).map((one) => one.check);
      return {
        mutant: `${check}/${mutant}`,
        breaks,
        failed: [check, ...that('fail', 'warn')],
        passed: that('pass'),
      };
    });
}
