import type { Fact } from '../../src/probe/state/index.ts';

/** A value that most hosts have, where this one has another. */
export interface Unusual extends Fact {
  usual: string;
}

/**
 * Settings about which the lab file says nothing, and in which a host differs from most of the others.
 * @param comparable by host, of hosts that were made alike
 */
export function unusualOf(comparable: ReadonlyMap<string, readonly Fact[]>): Map<string, Unusual[]> {
  const counts = new Map<string, Map<string, number>>();
  for (const facts of comparable.values())
    for (const { key, value } of facts) {
      const ofKey = counts.get(key) ?? new Map<string, number>();
      counts.set(key, ofKey.set(value, (ofKey.get(value) ?? 0) + 1));
    }
  const usual = new Map<string, string>();
  for (const [key, values] of counts) {
    const total = [...values.values()].reduce((sum, n) => sum + n, 0);
    const most = [...values].find(([, n]) => n >= 2 && n > total / 2);
    if (most) usual.set(key, most[0]);
  }
  const ofHost = (facts: readonly Fact[]): Unusual[] =>
    facts.flatMap((fact) => {
      const most = usual.get(fact.key);
      return most === undefined || most === fact.value ? [] : [{ ...fact, usual: most }];
    });
  return new Map([...comparable].map(([host, facts]) => [host, ofHost(facts)]));
}
