import type { Check } from '../model/check.ts';
import { UsageError } from '../util/errors.ts';
import { takesHours } from './scheduling.ts';

export const profiles = ['lab', 'conformance', 'all'] as const;
/**
 * `lab`: what means something in the lab as written; where its suite is named, also what takes hours of virtual time, and
 * what else breaks a fresh lab each.
 * `conformance`: every MUST and SHOULD, also those that are judged in a lab derived from it. `all`: the measurements too.
 */
export type Profile = (typeof profiles)[number];

/**
 * The checks of a profile that any of the names selects: an ID (`ARP-01`) that one check, a suite (`arp`) or the
 * beginning of an ID those of the profile, or, where the profile has none of them, all of them.
 * @returns them in their own order; for no name the whole profile, of the lab as written without what takes hours
 *   of virtual time or breaks a fresh lab in place of a stage: that is asked for by its suite or ID.
 * @throws {UsageError} naming a name that selects nothing.
 */
export function selectChecks(
  all: readonly Check[],
  names: readonly string[],
  profile: Profile = 'all',
): Check[] {
  const own = all.filter((check) => isIn(profile, check));
  if (names.length === 0) return profile === 'lab' ? own.filter((check) => !isAskedByName(check)) : own;
  const selected = new Set(names.flatMap((name) => selectedBy(name, all, own)));
  return all.filter((check) => selected.has(check));
}

/**
 * Why checks are left out on request, by their IDs.
 * @param names as `selectChecks` takes them; those that select nothing among these checks are no mistake
 * @throws {UsageError} naming a name that no check has at all.
 */
export function skippedChecks(
  all: readonly Check[],
  selected: readonly Check[],
  names: readonly string[],
): Map<string, string> {
  const skipped = names.flatMap((name) =>
    selectChecks(all, [name]).map(({ id }): [string, string] => [id, `left out by --skip ${name}`]),
  );
  return new Map(skipped.filter(([id]) => selected.some((check) => check.id === id)));
}

/** Of the profile `lab`: what takes hours of virtual time, or a fresh lab and a fault for each of many. */
const isAskedByName = (check: Check): boolean =>
  takesHours(check) || (check.insteadOf !== undefined && check.disturbs === true);

function isIn(profile: Profile, check: Check): boolean {
  if (profile === 'all') return true;
  return profile === 'lab' ? !check.stage || takesHours(check) : check.level !== 'measure';
}

function selectedBy(name: string, all: readonly Check[], own: readonly Check[]): Check[] {
  const upper = name.toUpperCase();
  const exact = all.filter((check) => check.id.toUpperCase() === upper);
  if (exact.length > 0) return exact;
  const begins = (check: Check): boolean =>
    check.suite === name.toLowerCase() || check.id.toUpperCase().startsWith(upper);
  const inProfile = own.filter(begins);
  const found = inProfile.length > 0 ? inProfile : all.filter(begins);
  if (found.length > 0) return found;
  const suites = [...new Set(all.map((check) => check.suite))].join(', ');
  throw new UsageError(`no check or suite begins with «${name}»`, {
    hint: `suites: ${suites}; all checks: drlab list`,
  });
}
