import type { Fact } from '../../src/probe/state/index.ts';

/** Meant × found → differences. Pure. */

export interface Meant extends Fact {
  /** It may be missing as well: what daemons set and take away while they work as they should. */
  optional?: true;
  /** Other values that are as good. */
  orElse?: readonly string[];
  /** Its value is somebody else's affair. */
  any?: true;
}

export const fact = (kind: Fact['kind'], key: string, value = ''): Fact => ({ kind, key, value });

/** What should be on one host. */
export interface MeantHost {
  host: string;
  facts: Meant[];
  /** Kinds of facts of which nothing else should be there. */
  whole: ReadonlySet<Fact['kind']>;
}

export interface Difference {
  host: string;
  kind: Fact['kind'];
  key: string;
  /** Missing: there should be none. */
  meant?: string;
  /** Missing: there is none. */
  found?: string;
  /** What it was compared with: the lab file, the other hosts, or the state after the lab was configured. */
  against: 'file' | 'others' | 'before';
}

const nameOf = ({ kind, key }: Pick<Fact, 'kind' | 'key'>): string => `${kind} ${key}`;

export function differences({ host, facts, whole }: MeantHost, found: readonly Fact[]): Difference[] {
  const byName = new Map(found.map((fact) => [nameOf(fact), fact]));
  const meantNames = new Set(facts.map(nameOf));
  const fromMeant = facts.flatMap(({ kind, key, value, optional, any, orElse = [] }): Difference[] => {
    const there = byName.get(nameOf({ kind, key }));
    const common = { host, kind, key, meant: value, against: 'file' as const };
    if (!there) return optional ? [] : [common];
    return any || [value, ...orElse].includes(there.value) ? [] : [{ ...common, found: there.value }];
  });
  const extra = found
    .filter((fact) => whole.has(fact.kind) && !meantNames.has(nameOf(fact)) && !isPartOfAnother(fact))
    .map(({ kind, key, value }): Difference => ({ host, kind, key, found: value, against: 'file' }));
  return [...fromMeant, ...belowTheirServices(extra)];
}

/** MTU and the like of a device that is extra, and what follows from addresses. */
const isPartOfAnother = ({ kind, key }: Fact): boolean =>
  kind === 'connected' || (kind === 'link' && /^dev \S+ (mtu|address|arp)$/.test(key));

/** The real servers of a service that is extra go with it. */
function belowTheirServices(extra: Difference[]): Difference[] {
  const services = extra.filter(({ kind }) => kind === 'service').map(({ key }) => `${key} -r `);
  return extra.filter(
    ({ kind, key }) => kind !== 'destination' || !services.some((one) => key.startsWith(one)),
  );
}

/**
 * What changed on a host between two looks, and is no difference from the lab file already. Of what is meant, and of kinds of
 * which the lab file says everything, the lab file is the judge: daemons may change those.
 */
export function changes(
  { host, facts, whole }: MeantHost,
  before: readonly Fact[],
  after: readonly Fact[],
): Difference[] {
  const meant = new Set(facts.map(nameOf));
  const isOpen = (fact: Fact): boolean =>
    !meant.has(nameOf(fact)) && !whole.has(fact.kind) && fact.kind !== 'connected';
  const [was, now] = [before.filter(isOpen), after.filter(isOpen)];
  const kinds = new Set([...was, ...now].map(({ kind }) => kind));
  return differences({ host, facts: was, whole: kinds }, now).map((one) => ({ ...one, against: 'before' }));
}
