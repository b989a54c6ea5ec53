import type { CheckResult } from '../../model/record.ts';

/** Whose a result is: that of the lab as its author wrote it, or of kernel and daemons in a lab that drlab derived from it. */

export const whose = ['set-up', 'kernel'] as const;
export type Whose = (typeof whose)[number];

export const whoseResult = ({ stage }: Pick<CheckResult, 'stage'>): Whose => (stage ? 'kernel' : 'set-up');

/** As the heading of a part, and within a sentence. */
export const whoseWords = {
  'set-up': { heading: 'Your set-up', within: 'in your set-up' },
  kernel: {
    heading: 'This kernel and these daemons, in labs of drlab’s own',
    within: 'of this kernel and these daemons, in labs of drlab’s own,',
  },
} as const satisfies Record<Whose, { heading: string; within: string }>;

/** The user's own first; without a part that has no results. */
export const byWhose = (results: CheckResult[]): { of: Whose; results: CheckResult[] }[] =>
  whose
    .map((of) => ({ of, results: results.filter((result) => whoseResult(result) === of) }))
    .filter((part) => part.results.length > 0);

/** Parts with headings are only for a run that has results of kernel and daemons. */
export const hasParts = (results: CheckResult[]): boolean =>
  results.some((result) => whoseResult(result) === 'kernel');
