import {
  deviceOf,
  type HostSpec,
  type InterfaceSpec,
  type LabSpec,
  type SegmentSpec,
} from '../../src/model/spec.ts';
import { interfacesOf, segmentsOf } from '../../src/model/topology.ts';
import { type Trunk, trunksOf } from './trunks.ts';

/** The switch: a bridge for each segment, and what hosts are connected to it with, as lines for `ip -batch` there. Pure. */

/** Where the frames of a segment come in from a host: a port, or the VLAN on it. */
export interface Tap {
  port: string;
  segment: SegmentSpec;
  /** The host’s interfaces that they come from. */
  from: InterfaceSpec[];
  /** Others come in there, too, with a tag. */
  sharesPort: boolean;
}

/** Cables of one host. */
export interface Cables {
  text: string;
  /** Its ports on the switch, one for each Ethernet interface; that of its own address first. */
  ports: string[];
  /** What carries the frames of that interface: its ports, or the VLAN on them. */
  own: string[];
  taps: Tap[];
}

export interface Switch {
  bridges: string;
  cables: Map<string, Cables>;
  /** The bridge of a segment. */
  bridgeOf(segment: string): string;
}

export function switchOf(spec: LabSpec): Switch {
  const segments = new Map(
    segmentsOf(spec).map((segment, i): [string, Bridged] => [segment.name, { ...segment, bridge: `br${i}` }]),
  );
  let count = 0;
  const newPort = (): string => `p${++count}`;
  return {
    bridges: [...segments.values()].map(bridgeLine).join(''),
    cables: new Map(spec.hosts.map((host) => [host.name, cablesOf(spec, host, segments, newPort)])),
    bridgeOf: (segment) => segments.get(segment)?.bridge ?? '',
  };
}

type Bridged = SegmentSpec & { bridge: string };

function cablesOf(
  spec: LabSpec,
  host: HostSpec,
  segments: Map<string, Bridged>,
  newPort: () => string,
): Cables {
  const interfaces = interfacesOf(spec, host);
  const cables = trunksOf(interfaces).map((trunk) => {
    const { text, ports, name } = plug(trunk, host.name, segments, newPort);
    const taps = trunk.carried.flatMap(({ segment: on, tag, devices }): Tap[] => {
      const segment = segments.get(on);
      const from = interfaces.filter((one) => devices.includes(one.name));
      const port = tag === undefined ? name : `${name}.${tag}`;
      const sharesPort = tag === undefined && trunk.carried.length > 1;
      return segment ? [{ port, segment, from, sharesPort }] : [];
    });
    const own = taps.filter(({ from }) => from.some((one) => one.name === deviceOf(host)));
    return { text, ports, taps, own: own.map(({ port }) => port) };
  });
  const ownFirst = cables.toSorted((a, b) => Number(b.own.length > 0) - Number(a.own.length > 0));
  return {
    text: cables.map(({ text }) => text).join(''),
    ports: ownFirst.flatMap(({ ports }) => ports),
    own: ownFirst.flatMap(({ own }) => own),
    taps: cables.flatMap(({ taps }) => taps),
  };
}

/** @returns the lines that connect it, its ports, and the device on the switch that frames come in by. */
function plug(
  { members, mode, carried }: Trunk,
  host: string,
  segments: Map<string, Bridged>,
  newPort: () => string,
): { text: string; ports: string[]; name: string } {
  const cables = members.map((one) => ({ one, port: newPort() }));
  const ports = cables.map(({ port }) => port);
  const name = mode === undefined ? (ports[0] ?? '') : `b${ports[0]}`;
  const native = segments.get(carried.find(({ tag }) => tag === undefined)?.segment ?? '');
  const master = native ? ` master ${native.bridge}` : '';
  const largest = Math.max(0, ...carried.map(({ segment }) => segments.get(segment)?.mtu ?? 0));
  const mtu = largest || (members[0]?.mtu ?? 0);
  const cable = ({ one, port }: (typeof cables)[number], to: string): string =>
    `link add ${port} mtu ${mtu}${to} type veth peer name ${one.name} netns ${host} mtu ${one.mtu} address ${one.mac}`;
  const lines =
    mode === undefined
      ? cables.map((one) => cable(one, `${master} up`))
      : [
          `link add ${name} mtu ${mtu} type bond mode ${mode} miimon 100`,
          ...cables.flatMap((one) => [cable(one, ''), `link set ${one.port} master ${name}`]),
          `link set ${name}${master} up`,
        ];
  for (const { segment, tag } of carried) {
    const on = segments.get(segment);
    if (tag === undefined || !on) continue;
    const vlan = `link add link ${name} name ${name}.${tag} mtu ${on.mtu} master ${on.bridge} up`;
    lines.push(`${vlan} type vlan id ${tag}`);
  }
  return { text: lines.map((line) => `${line}\n`).join(''), ports, name };
}

/** With an address of its own the bridge is not renamed after its lowest port each time one is added. */
const bridgeLine = ({ mtu, bridge }: Bridged, index: number): string =>
  `link add ${bridge} address 02:00:00:00:ff:${index.toString(16).padStart(2, '0')} mtu ${mtu} up type bridge stp_state 0 forward_delay 0 mcast_snooping 0\n`;
