import { existsSync } from 'node:fs';
import { didYouMean } from '../labfile/nearest.ts';
import type { Problems } from '../labfile/problems.ts';
import type { RawMatrix } from './schema.ts';

/** What a matrix file may name; whoever reads one knows it. */
export interface Known {
  suites: readonly string[];
  /** IDs of checks. */
  checks: readonly string[];
  /** Names of ready-made labs. */
  labs: readonly string[];
}

/** Adds every check and lab that there is not. @param pathOf the path of a lab, seen from here. */
export function refuseUnknown(
  { lab, checks, places }: RawMatrix,
  known: Known,
  problems: Problems,
  pathOf: (lab: string) => string,
): void {
  for (const [index, prefix] of checks.entries()) {
    const problem = checkProblem(prefix, known);
    if (problem !== undefined) problems.add(['checks', index], problem);
  }
  const problem = labProblem(pathOf(lab), known);
  if (problem !== undefined) problems.add(['lab'], problem);
  for (const [index, place] of places.entries()) {
    const own = typeof place === 'string' ? undefined : place.lab;
    const wrong = own === undefined ? undefined : labProblem(pathOf(own), known);
    if (wrong !== undefined) problems.add(['places', index, 'lab'], wrong);
  }
}

/** A suite, an ID or its beginning, in whatever case. */
function checkProblem(prefix: string, { suites, checks }: Known): string | undefined {
  if (suites.includes(prefix.toLowerCase())) return undefined;
  if (checks.some((id) => id.startsWith(prefix.toUpperCase()))) return undefined;
  const expected = `expected a suite (${suites.join(', ')}), or an ID or a prefix of one; all checks: drlab list.`;
  return `no check or suite begins with «${prefix}»; ${expected}${didYouMean(prefix, [...suites, ...checks])}`;
}

function labProblem(lab: string, { labs }: Known): string | undefined {
  if (labs.includes(lab) || existsSync(lab)) return undefined;
  const expected = `expected the path of a lab file, or a ready-made lab: ${labs.join(', ')}.`;
  const found = isPath(lab) ? `there is no file ${lab}` : `no ready-made lab is called «${lab}»`;
  return `${found}; ${expected}${isPath(lab) ? '' : didYouMean(lab, labs)}`;
}

/** Anything else is the name of something ready-made. */
export const isPath = (text: string): boolean => /[/\\]|\.ya?ml$/i.test(text);
