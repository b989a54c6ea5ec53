import type { InterfaceSpec } from '../../src/model/spec.ts';

/** What goes over the cables of a host. Pure. */

/** A segment, the tag of its frames, and the interfaces that they are for. */
export interface Carried {
  segment: string;
  tag?: number;
  devices: string[];
}

/** Cables that the switch takes for one: a single one, or those of a bond that has to be bundled there. */
export interface Trunk {
  members: InterfaceSpec[];
  mode?: string;
  carried: Carried[];
}

/** Modes in which the switch has to bundle its ports, too. */
const bundled: ReadonlySet<string> = new Set(['802.3ad', 'balance-xor', 'balance-rr']);

export function trunksOf(interfaces: InterfaceSpec[]): Trunk[] {
  const carried = carriedBy(interfaces);
  const bonds = interfaces.filter(({ kind, mode = '' }) => kind === 'bond' && bundled.has(mode));
  const isBundled = (name: string): boolean => bonds.some(({ of }) => of?.includes(name));
  const single = interfaces.filter(({ kind, name }) => kind === 'ethernet' && !isBundled(name));
  return [
    ...single.map((one): Trunk => ({ members: [one], carried: carried.get(one.name) ?? [] })),
    ...bonds.map(({ of = [], mode = '' }): Trunk => {
      const members = interfaces.filter(({ name }) => of.includes(name));
      return { members, mode, carried: carried.get(of[0] ?? '') ?? [] };
    }),
  ];
}

/** By Ethernet interface: its own segment, and those of all that is on top of it. */
function carriedBy(interfaces: InterfaceSpec[]): Map<string, Carried[]> {
  const byName = new Map(interfaces.map((one) => [one.name, one]));
  const carried = new Map<string, Carried[]>();
  const descend = (one: InterfaceSpec, what: Carried): void => {
    if (one.kind === 'ethernet') carried.set(one.name, withAnother(carried.get(one.name) ?? [], what));
    const { tag = one.vlan } = what;
    for (const name of one.of ?? []) {
      const below = byName.get(name);
      if (below) descend(below, { ...what, ...(tag !== undefined && { tag }) });
    }
  };
  for (const one of interfaces)
    if (one.segment !== undefined) descend(one, { segment: one.segment, devices: [one.name] });
  return carried;
}

function withAnother(there: Carried[], what: Carried): Carried[] {
  const same = there.find(({ segment, tag }) => segment === what.segment && tag === what.tag);
  if (!same) return [...there, what];
  const devices = [...same.devices, ...what.devices];
  return there.map((one) => (one === same ? { ...one, devices } : one));
}
