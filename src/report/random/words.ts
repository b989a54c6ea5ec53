import type { Verdict } from '../../model/check.ts';
import type { RandomFaultResult, RandomFaults } from '../../model/record.ts';
import { plural } from '../text/units.ts';

/** What became of random faults, in the words that all reports use. */

type Outcome = RandomFaultResult['outcome'];

/** One character each, so that colour is never the only sign. */
export const faultMark: Record<Outcome, string> = {
  right: '✓',
  'wrong-cause': '~',
  'wrong-host': '!',
  missed: '✗',
  quiet: '✓',
  'false-alarm': '✗',
  'no-verdict': '?',
};

/** The verdict whose colour it has. */
export const faultTone: Record<Outcome, Verdict> = {
  right: 'pass',
  'wrong-cause': 'warn',
  'wrong-host': 'warn',
  missed: 'fail',
  quiet: 'pass',
  'false-alarm': 'fail',
  'no-verdict': 'inconclusive',
};

export const isFine = ({ outcome }: RandomFaultResult): boolean => faultTone[outcome] === 'pass';

/** What its run said first. */
export function saidOf({ first, reason = 'nothing was found' }: RandomFaultResult): string {
  if (!first) return reason;
  const why = first.cause === undefined ? '' : `; ${first.cause}`;
  return `${first.check} ${first.verdict}: ${first.seen}${why}`;
}

/** As clauses. */
export function countedFaults({ counts }: RandomFaults): string[] {
  const { faults, found, rightHost, rightCause, harmless, falseAlarms, noVerdict } = counts;
  return [
    `${found} of ${plural(faults, 'random fault')} found`,
    `the first finding names the right host for ${rightHost}, and the right cause for ${rightCause}`,
    ...(harmless > 0 ? [`${falseAlarms} of ${plural(harmless, 'harmless change')} taken for a fault`] : []),
    ...(noVerdict > 0 ? [`no verdict on ${noVerdict}`] : []),
  ];
}
