import type { Check } from '../model/check.ts';
import { UsageError } from '../util/errors.ts';

/**
 * The checks that any of the prefixes selects: a suite (`arp`), an ID (`ARP-01`) or the beginning of one.
 * @returns them in their own order; all of them for no prefix.
 * @throws {UsageError} naming a prefix that selects nothing.
 */
export function selectChecks(all: readonly Check[], prefixes: readonly string[]): Check[] {
  const matches = (check: Check, prefix: string): boolean =>
    check.suite === prefix.toLowerCase() || check.id.toUpperCase().startsWith(prefix.toUpperCase());
  for (const prefix of prefixes) {
    if (!all.some((check) => matches(check, prefix))) {
      const suites = [...new Set(all.map((check) => check.suite))].join(', ');
      throw new UsageError(`no check or suite begins with «${prefix}»`, {
        hint: `suites: ${suites}; all checks: drlab list`,
      });
    }
  }
  if (prefixes.length === 0) return [...all];
  return all.filter((check) => prefixes.some((prefix) => matches(check, prefix)));
}

export const profiles = ['lab', 'conformance', 'all'] as const;
/**
 * `lab`: what means something in the lab as written. `conformance`: every MUST and SHOULD, also those that are
 * judged in a lab derived from it. `all`: the measurements too.
 */
export type Profile = (typeof profiles)[number];

/** The checks of a profile; where prefixes name checks, the names decide. */
export function inProfile(
  all: readonly Check[],
  profile: Profile,
  prefixes: readonly string[],
): readonly Check[] {
  if (prefixes.length > 0 || profile === 'all') return all;
  return all.filter((check) => (profile === 'lab' ? !check.stage : check.level !== 'measure'));
}
