import { announcersOf, listenersOf } from '../../src/model/announced.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { NotInLab, TimedOut } from '../../src/util/errors.ts';
import { until } from '../../src/util/until.ts';

/** Where a router sends what is for a VIP. */

/** The first router that the VIPs are announced to. */
export function routerOf(spec: LabSpec): string {
  const [first] = listenersOf(spec);
  if (!first) throw new NotInLab(`lab «${spec.name}» has no router on the segment of the VIPs`);
  return first.host.name;
}

export const announcers = (spec: LabSpec): string[] => announcersOf(spec).map(({ host }) => host.name);

/** Directors among the next hops in what `ip route show VIP/32` says; others by their address. */
export function hopsIn(spec: LabSpec, text: string): string[] {
  const names = new Map(announcersOf(spec).map(({ host, leg }) => [leg.ip, host.name]));
  const found = [...text.matchAll(/\bvia (\S+)/g)].map(([, ip = '']) => names.get(ip) ?? ip);
  return [...new Set(found)].sort();
}

export const nextHops = async (lab: Lab, vip: string, router = routerOf(lab.spec)): Promise<string[]> =>
  hopsIn(lab.spec, (await lab.host(router).exec(`exec ip route show ${vip}/32`)).stdout);

/** Waits until a director is a next hop, or is none. @returns whether it came to that. */
export async function whenHop(
  lab: Lab,
  { vip, director, is }: { vip: string; director: string; is: boolean },
  withinMs: number,
): Promise<boolean> {
  const asked = async (): Promise<true | undefined> =>
    (await nextHops(lab, vip)).includes(director) === is || undefined;
  try {
    return await until(`${director} to be ${is ? 'a' : 'no'} next hop`, asked, { withinMs, everyMs: 20 });
  } catch (error) {
    if (error instanceof TimedOut) return false;
    throw error;
  }
}
