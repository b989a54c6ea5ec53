import type { InterfaceSpec } from '../../spec.ts';
import type { Path, Problems } from '../problems.ts';
import type { RawInterface } from '../schema-topology.ts';

/** An interface as its name and its keys say what it is, still without MTU and addresses. */
export interface Shaped {
  name: string;
  kind: InterfaceSpec['kind'];
  of: string[];
  vlan?: number;
  raw: RawInterface;
  /** In the file; of one that is only named by others, theirs. */
  path: Path;
}

/** @returns the interfaces of a host, those below others first. */
export function shapesOf(
  host: string,
  given: Record<string, RawInterface>,
  path: Path,
  problems: Problems,
): Shaped[] {
  const shapes = new Map<string, Shaped>();
  for (const [name, raw] of Object.entries(given))
    shapes.set(name, shapeOf(name, raw, [...path, name], problems));
  for (const { name, of, path: at } of [...shapes.values()]) {
    for (const below of of) {
      if (shapes.has(below)) continue;
      if (/^(bond|br|team)\d/.test(below)) {
        problems.add(
          at,
          `${name} is on ${below}, which ${host} does not describe; write ${below}: { of: [ … ] }.`,
        );
      }
      shapes.set(below, { name: below, kind: 'ethernet', of: [], raw: {}, path: at });
    }
  }
  checkMembers([...shapes.values()], problems);
  return inOrder(shapes, problems);
}

function shapeOf(name: string, raw: RawInterface, path: Path, problems: Problems): Shaped {
  const [, parent, tag] = /^(.+)\.(\d{1,4})$/.exec(name) ?? [];
  const { of = [] } = raw;
  const isVlan = raw.type ? raw.type === 'vlan' : raw.vlan !== undefined || parent !== undefined;
  const kind = raw.type ?? (isVlan ? 'vlan' : kindOf(name, of));
  const below = typeof of === 'string' ? [of] : of;
  const lower = isVlan && below.length === 0 && parent !== undefined ? [parent] : below;
  const vlan = isVlan ? (raw.vlan ?? Number(tag)) : undefined;
  const say = (text: string): void => problems.add(path, `${name} is a ${kind}, and ${text}`);
  if (isVlan && !(Number(vlan) >= 1 && Number(vlan) <= 4094))
    say('needs its tag from 1 to 4094; write «vlan: 20».');
  if (!isVlan && raw.vlan !== undefined) say('has no «vlan»; leave out «type».');
  if ((kind === 'vlan' || kind === 'macvlan') && lower.length !== 1)
    say('is on one interface; write «of: eth0».');
  if ((kind === 'bond' || kind === 'bridge') && lower.length === 0)
    say('needs members; write «of: [ eth1, eth2 ]».');
  if ((kind === 'ethernet' || kind === 'dummy') && lower.length > 0)
    say('is made of no other; leave out «of» or «type».');
  if (kind !== 'bond' && raw.mode !== undefined) say('has no «mode»; only a bond has one.');
  if (kind === 'dummy' && raw.on !== undefined) say('is connected to nothing; leave out «on».');
  return { name, kind, of: lower, ...(vlan !== undefined && { vlan }), raw, path };
}

function kindOf(name: string, of: string | string[]): Shaped['kind'] {
  if (Array.isArray(of) && of.length > 0) return name.startsWith('br') ? 'bridge' : 'bond';
  if (typeof of === 'string') return 'macvlan';
  return name.startsWith('dummy') ? 'dummy' : 'ethernet';
}

/** What is in a bond or a bridge has nothing of its own, and is in one of them. */
function checkMembers(shapes: Shaped[], problems: Problems): void {
  const masters = new Map<string, string>();
  for (const { name, kind, of, path } of shapes) {
    if (kind !== 'bond' && kind !== 'bridge') continue;
    for (const member of of) {
      const other = masters.get(member);
      if (other !== undefined)
        problems.add(path, `${member} is already a member of ${other}, and cannot be one of ${name}.`);
      masters.set(member, name);
    }
  }
  for (const { name, raw, path } of shapes) {
    const master = masters.get(name);
    if (master !== undefined && (raw.on !== undefined || raw.ip !== undefined))
      problems.add(path, `${name} is a member of ${master}; write «on» and «ip» there.`);
  }
}

function inOrder(shapes: Map<string, Shaped>, problems: Problems): Shaped[] {
  const done = new Set<Shaped>();
  const add = (shape: Shaped, above: string[]): void => {
    if (done.has(shape)) return;
    if (above.includes(shape.name)) {
      problems.add(shape.path, `${shape.name} is made of itself: ${[...above, shape.name].join(' of ')}.`);
      problems.throwIfAny();
    }
    for (const name of shape.of) {
      const below = shapes.get(name);
      if (below) add(below, [...above, shape.name]);
    }
    done.add(shape);
  };
  for (const shape of shapes.values()) add(shape, []);
  return [...done];
}
