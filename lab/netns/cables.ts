import {
  deviceOf,
  type HostSpec,
  type InterfaceSpec,
  type LabSpec,
  type SegmentSpec,
} from '../../src/model/spec.ts';
import { interfacesOf, segmentsOf } from '../../src/model/topology.ts';

/** The switch: a bridge for each segment, and what hosts are connected to it with, as lines for `ip -batch` there. Pure. */

/** Cables of one host. */
export interface Cables {
  text: string;
  /** Its ports on the switch, one for each Ethernet interface; that of its own address first. */
  ports: string[];
  /** What carries the frames of that interface: its ports, or the VLAN on them. */
  own: string[];
}

export interface Switch {
  bridges: string;
  cables: Map<string, Cables>;
  /** The bridge of a segment. */
  bridgeOf(segment: string): string;
}

export function switchOf(spec: LabSpec): Switch {
  const segments = segmentsOf(spec);
  const names = new Map(segments.map(({ name }, i) => [name, `br${i}`]));
  const bridgeOf = (segment: string): string => names.get(segment) ?? '';
  const mtuOf = new Map(segments.map(({ name, mtu }) => [name, mtu]));
  let count = 0;
  const newPort = (): string => `p${++count}`;
  const plugs: Plugs = { bridgeOf, mtuOf: (segment) => mtuOf.get(segment) ?? 0, newPort };
  return {
    bridges: segments.map((segment, i) => bridgeLine(segment, i)).join(''),
    cables: new Map(spec.hosts.map((host) => [host.name, cablesOf(spec, host, plugs)])),
    bridgeOf,
  };
}

interface Plugs {
  bridgeOf(segment: string): string;
  mtuOf(segment: string): number;
  newPort(): string;
}

/** A segment, and the tag of its frames on a cable. */
interface Carried {
  segment: string;
  tag?: number;
  /** The interface that it is for. */
  device: string;
}

function cablesOf(spec: LabSpec, host: HostSpec, plugs: Plugs): Cables {
  const interfaces = interfacesOf(spec, host);
  const carried = carriedBy(interfaces);
  const bonds = interfaces.filter(({ kind, mode = '' }) => kind === 'bond' && bundled.has(mode));
  const own = deviceOf(host);
  const cables: (Cables & { isOwn: boolean })[] = [];
  const plug = (members: InterfaceSpec[], on: Carried[], mode?: string): void => {
    const segmentMtu = Math.max(0, ...on.map(({ segment }) => plugs.mtuOf(segment)));
    const ports = members.map((one) => ({ one, port: plugs.newPort() }));
    const [first] = ports;
    if (!first) return;
    const trunk = mode === undefined ? first.port : `b${first.port}`;
    const native = on.find(({ tag }) => tag === undefined);
    const master = native ? ` master ${plugs.bridgeOf(native.segment)}` : '';
    const mtu = segmentMtu || first.one.mtu;
    const lines =
      mode === undefined ? [] : [`link add ${trunk} mtu ${mtu} type bond mode ${mode} miimon 100`];
    for (const { one, port } of ports) {
      const up = mode === undefined ? `${master} up` : '';
      lines.push(
        `link add ${port} mtu ${mtu}${up} type veth peer name ${one.name} netns ${host.name} mtu ${one.mtu} address ${one.mac}`,
        ...(mode === undefined ? [] : [`link set ${port} master ${trunk}`]),
      );
    }
    if (mode !== undefined) lines.push(`link set ${trunk}${master} up`);
    const taps = on.map(({ segment, tag, device }) => {
      if (tag === undefined) return { device, port: trunk };
      const port = `${trunk}.${tag}`;
      lines.push(
        `link add link ${trunk} name ${port} mtu ${plugs.mtuOf(segment)} master ${plugs.bridgeOf(segment)} up type vlan id ${tag}`,
      );
      return { device, port };
    });
    const ownTaps = taps.filter(({ device }) => device === own).map(({ port }) => port);
    cables.push({
      text: lines.map((line) => `${line}\n`).join(''),
      ports: ports.map(({ port }) => port),
      own: ownTaps,
      isOwn: ownTaps.length > 0,
    });
  };
  for (const one of interfaces) {
    if (one.kind !== 'ethernet' || bonds.some(({ of }) => of?.includes(one.name))) continue;
    plug([one], carried.get(one.name) ?? []);
  }
  for (const bond of bonds) {
    const members = interfaces.filter(({ name }) => bond.of?.includes(name));
    plug(members, carried.get(members[0]?.name ?? '') ?? [], bond.mode);
  }
  const sorted = cables.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn));
  return {
    text: cables.map(({ text }) => text).join(''),
    ports: sorted.flatMap(({ ports }) => ports),
    own: sorted.flatMap((one) => one.own),
  };
}

/** Modes in which the switch has to bundle its ports, too. */
const bundled: ReadonlySet<string> = new Set(['802.3ad', 'balance-xor', 'balance-rr']);

/** By Ethernet interface: what goes over it, its own segment and those of all that is on top of it. */
function carriedBy(interfaces: InterfaceSpec[]): Map<string, Carried[]> {
  const byName = new Map(interfaces.map((one) => [one.name, one]));
  const carried = new Map<string, Carried[]>();
  const descend = (one: InterfaceSpec, what: Carried): void => {
    if (one.kind === 'ethernet') {
      const there = carried.get(one.name) ?? [];
      const known = there.some(({ segment, tag }) => segment === what.segment && tag === what.tag);
      carried.set(one.name, known ? there : [...there, what]);
    }
    const { tag = one.vlan } = what;
    for (const name of one.of ?? []) {
      const below = byName.get(name);
      if (below) descend(below, { ...what, ...(tag !== undefined && { tag }) });
    }
  };
  for (const one of interfaces)
    if (one.segment !== undefined) descend(one, { segment: one.segment, device: one.name });
  return carried;
}

/** With an address of its own the bridge is not renamed after its lowest port each time one is added. */
const bridgeLine = ({ mtu }: SegmentSpec, index: number): string =>
  `link add br${index} address 02:00:00:00:ff:${index.toString(16).padStart(2, '0')} mtu ${mtu} up type bridge stp_state 0 forward_delay 0 mcast_snooping 0\n`;
