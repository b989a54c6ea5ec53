import type { Addressed } from '../addressed.ts';
import type { PlannedHost } from '../plan.ts';
import type { Problems } from '../problems.ts';
import type { RawInterface } from '../schema-topology.ts';
import { Supply, type Wired } from './addresses.ts';
import { connect } from './connect.ts';
import { takeParts } from './parts.ts';
import { findSegment, type Segment, segmentOf } from './segments.ts';
import { shapesOf } from './shape.ts';

export interface Ground {
  segments: Segment[];
  /** Of the VIPs. */
  lan: Segment;
  /** Where no segment says one. */
  mtu: number;
  vips: string[];
  problems: Problems;
}

/** Gives every host its interfaces, and says which of them is the one by which it takes part. */
export function layOut(planned: PlannedHost[], ground: Ground): Addressed[] {
  const { segments, vips, problems } = ground;
  const wired = planned.map((host) => wire(host, ground));
  problems.throwIfAny();
  const supply = new Supply(segments, problems);
  for (const one of wired) supply.reserve(one);
  supply.reserveVips(vips);

  // Real servers are the many: what is left is theirs.
  const order = wired.toSorted(
    (a, b) => Number(a.host.role === 'realServer') - Number(b.host.role === 'realServer'),
  );
  const interfaces = new Map(order.map((one) => [one.host, supply.complete(one)]));
  problems.throwIfAny();
  const all = planned.map((host) => ({ host, interfaces: interfaces.get(host) ?? [] }));
  return takeParts(all, ground);
}

function wire(host: PlannedHost, { segments, lan, mtu, problems }: Ground): Wired {
  const { segment, interfaces } = host.wiring;
  const wanted =
    segment === undefined ? undefined : findSegment(segments, segment, [...host.path, 'segment'], problems);
  const holding = host.ip === undefined ? undefined : segmentOf(segments, host.ip);
  const outside = segments.find(({ name }) => name === 'outside' && host.segment === 'outside');
  const fallback = wanted ?? holding ?? outside ?? lan;
  if (interfaces && segment !== undefined)
    problems.add(
      [...host.path, 'segment'],
      '«segment» is of a host without «interfaces»; write «on» in them.',
      'key',
    );
  if (interfaces && host.mac !== undefined)
    problems.add(
      [...host.path, 'mac'],
      '«mac» is of a host without «interfaces»; write it in one of them.',
      'key',
    );
  const given = interfaces ?? plainInterfaces(host, fallback);
  const path = interfaces ? [...host.path, 'interfaces'] : host.path;
  const shapes = shapesOf(host.name, given, path, problems);
  return { host, connected: connect(shapes, segments, { fallback, mtu }, problems) };
}

/** Of a host that says nothing about them. */
function plainInterfaces(host: PlannedHost, on: Segment): Record<string, RawInterface> {
  const { ip, mac } = host;
  return {
    eth0: { on: on.name, ...(ip !== undefined && { ip }), ...(mac !== undefined && { mac }) },
    ...(host.implied && { eth1: { on: 'outside' } }),
  };
}
