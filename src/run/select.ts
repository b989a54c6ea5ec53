import type { Check } from '../model/check.ts';
import { UsageError } from '../util/errors.ts';

/**
 * The checks that any of the prefixes selects: a suite (`arp`), an ID (`ARP-01`) or the beginning of one.
 * @returns them in their own order; all of them for no prefix.
 * @throws {UsageError} naming a prefix that selects nothing.
 */
export function selectChecks(all: readonly Check[], prefixes: readonly string[]): Check[] {
  const matches = (check: Check, prefix: string): boolean =>
    check.suite === prefix.toLowerCase() || check.id.startsWith(prefix.toUpperCase());
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
