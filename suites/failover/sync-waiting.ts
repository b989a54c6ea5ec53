import type { Lab } from '../../src/model/lab.ts';
import type { HostSpec } from '../../src/model/spec.ts';
import { until } from '../../src/util/until.ts';
import { portsOn } from './sync-replicating.ts';

/**
 * Waits until the director knows of connections from these client ports, or for as long as the daemons could take
 * and more. @returns those that it knows of.
 */
export async function knownOf(
  lab: Lab,
  director: HostSpec,
  vport: number,
  wanted: number[],
): Promise<number[]> {
  let known: number[] = [];
  await until(
    `entries on ${director.name}`,
    async () => {
      const there = await portsOn(lab, director, vport);
      known = wanted.filter((port) => there.has(port));
      return known.length === wanted.length ? true : undefined;
    },
    { withinMs: 7_000 },
  ).catch(() => undefined);
  return known;
}
