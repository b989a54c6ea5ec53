import type { Check } from '../model/check.ts';
import type { Case } from '../model/job.ts';

/** What checks declare of clock and machine, with the defaults. */

export const clockOf = ({ scheduling }: Check) => scheduling?.clock ?? 'either';

/** Virtual time suits it. */
export const waitsForTimers = (check: Check): boolean => clockOf(check) === 'virtual';

export const wantsMachine = ({ scheduling }: Check): boolean => scheduling?.alone ?? false;

export const takesHours = ({ scheduling }: Check): boolean => scheduling?.hours ?? false;

/** In the order of its number among those that share a lab; what disturbs it comes after all. */
export const turnOf = ({ scheduling, disturbs }: Check): number =>
  disturbs ? 3 : { first: 0, last: 2, any: 1 }[scheduling?.turn ?? 'any'];

/** Shares no lab with checks that only look at behaviour. */
export const isApart = (check: Check): boolean => waitsForTimers(check) || wantsMachine(check);

/** Checks that share a lab are alike: the first tells where a case belongs. */
export const firstCheck = (one: Case, checks: readonly Check[]): Check | undefined =>
  checks.find(({ id }) => id === one.checks[0]);
