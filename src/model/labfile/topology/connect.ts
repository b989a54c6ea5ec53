import { plainAddress } from '../../../util/ipv6.ts';
import { parseInterfaceAddress } from '../../../util/subnet.ts';
import type { Path, Problems } from '../problems.ts';
import { findSegment, type Segment, segmentOf } from './segments.ts';
import type { Shaped } from './shape.ts';

/** An interface whose place is known: its segment, its MTU, and the addresses that were written. */
export interface Connected extends Shaped {
  segment?: Segment;
  mtu: number;
  /** As written, perhaps without a prefix length; undefined: the next free one is wanted. */
  written: string[] | undefined;
  /** Where the addresses are in the file. */
  ipPath: Path;
}

/**
 * @param fallback segment of the one interface of a host that says nothing.
 * @param mtu where no segment says one.
 */
export function connect(
  shapes: Shaped[],
  segments: Segment[],
  { fallback, mtu }: { fallback: Segment | undefined; mtu: number },
  problems: Problems,
): Connected[] {
  const isBelow = new Set(shapes.flatMap(({ of }) => of));
  const tops = shapes.filter(({ name }) => !isBelow.has(name)).length;
  const connected = shapes.map((shape): Connected => {
    const { raw, path, kind, name } = shape;
    const written = raw.ip === undefined ? undefined : [raw.ip].flat();
    const first = written?.[0]?.replace(/\/.*/, '');
    const ipPath: Path = raw.ip === undefined ? path : [...path, 'ip'];
    const base = { ...shape, written, ipPath, mtu: raw.mtu ?? 0 };
    if (kind === 'dummy') return { ...base, written: written ?? [] };
    if (raw.on !== undefined) {
      const segment = findSegment(segments, raw.on, [...path, 'on'], problems);
      return { ...base, ...(segment && { segment }) };
    }
    const holding = first === undefined ? undefined : segmentOf(segments, first);
    if (holding) return { ...base, segment: holding };
    // What carries others may be connected only through them.
    if (isBelow.has(name) && first === undefined) return { ...base, written: [] };
    if (tops === 1 && first === undefined && fallback) return { ...base, segment: fallback };
    const known = segments.map((segment) => segment.name).join(', ');
    const why = first === undefined ? 'has neither' : `has ${first}, which is in no segment, and no`;
    problems.add(
      path,
      `${name} ${why}${first === undefined ? ' «on» nor «ip»' : ' «on»'}; write «on: …», one of ${known}.`,
    );
    return base;
  });
  return withMtus(connected, mtu);
}

/** Its own; that of the segment; the largest of what is on top of it. */
function withMtus(interfaces: Connected[], fallback: number): Connected[] {
  const mtus = new Map<string, number>();
  for (const one of interfaces.toReversed()) {
    const above = interfaces.filter(({ of }) => of.includes(one.name)).map(({ name }) => mtus.get(name) ?? 0);
    mtus.set(one.name, one.mtu || Math.max(one.segment?.mtu ?? 0, ...above) || fallback);
  }
  return interfaces.map((one) => ({ ...one, mtu: mtus.get(one.name) ?? fallback }));
}

/**
 * With its prefix length, which the segment’s subnet gives where the file does not.
 * @returns undefined where it is in none.
 */
export function placed(
  text: string,
  { segment, name }: Connected,
  path: Path,
  problems: Problems,
): string | undefined {
  const [ip = ''] = text.split('/');
  const { prefixLength, family } = parseInterfaceAddress(text) ?? {};
  const subnet = segment?.networks.find(
    (network) => network.family === family && segmentOf([{ ...segment, networks: [network] }], ip),
  );
  const whole = family === 6 ? 128 : 32;
  if (segment && !subnet && prefixLength !== whole) {
    const { name: on, subnets } = segment;
    problems.add(
      path,
      `${name} has ${text} on «${on}», whose subnet is ${subnets.join(' and ')}; choose one of it, or another «on».`,
    );
    return undefined;
  }
  return `${plainAddress(ip)}/${prefixLength ?? subnet?.prefixLength ?? whole}`;
}
