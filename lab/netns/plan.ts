import { sysctlsToWrite } from '../../src/model/files.ts';
import { methodsOf } from '../../src/model/forwarding.ts';
import type { ConfigText } from '../../src/model/lab.ts';
import { deviceOf, type HostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { lanOf } from '../../src/model/topology.ts';
import { addressing, loadTunnels, ruleLines, sysctlPath } from '../base/addressing.ts';
import { qdiscLine } from '../base/impairment.ts';
import { linkLines } from '../base/links.ts';
import { switchOf } from './cables.ts';
import { fabricLines } from './fabric.ts';

/** The namespace that holds the bridges; no host may be called so. */
export const switchName = 'switch';

/** One text for `PROGRAM -batch`, run in the namespace of `host`. */
export interface Batch {
  host: string;
  program: 'ip' | 'ip -6' | 'tc';
  text: string;
}

/** Everything that makes the network of a lab, as texts, in the order in which they are applied. */
export interface Plan {
  /** The switch first, so that it also goes first. */
  namespaces: string[];
  /** Bridges and cables. */
  cabling: Batch;
  /** The part of it that is of one host. */
  cablingOf: Map<string, string>;
  /** What hosts have on top of their cables. */
  links: Batch[];
  /** Written once the interfaces exist and before they are up; paths relative to /proc/sys. */
  sysctls: { host: string; path: string; value: string }[];
  /** Addresses, routes and impairments. */
  batches: Batch[];
  /** Switch ports of each host, that of its own address first. */
  ports: Map<string, string[]>;
  /** Where the frames of a host come in, on the switch: its ports, and the VLANs on them. */
  taps: Map<string, string[]>;
  /** Bridge of the VIPs. */
  lan: string;
  /** Bridges that a capture of the LAN listens at: that one, and those of real servers elsewhere. */
  captured: string[];
  configs: ConfigText[];
}

/** Pure: the same spec gives the same texts. */
export function plan(spec: LabSpec): Plan {
  const { bridges, cables, bridgeOf } = switchOf(spec);
  const ofHost = new Map([...cables].map(([name, { text }]) => [name, `${text}${dummyLine(spec, name)}`]));
  const tunnels = methodsOf(spec).includes('tun') ? loadTunnels : '';
  const cabling: Batch = {
    host: switchName,
    program: 'ip',
    text: [bridges, ...ofHost.values(), tunnels].join(''),
  };
  const links = spec.hosts
    .map((host): Batch => ({ host: host.name, program: 'ip', text: linkLines(host) }))
    .filter(({ text }) => text !== '');
  const portLinks = spec.hosts.map(({ name, link }) =>
    link ? (cables.get(name)?.own ?? []).map((port) => qdiscLine(port, link)).join('') : '',
  );
  const fabric = [...cables.values()].flatMap(({ taps }) => taps.map(fabricLines));
  const ofHosts = (program: Batch['program'], text: (host: HostSpec) => string): Batch[] =>
    spec.hosts.map((host) => ({ host: host.name, program, text: text(host) }));
  const batches: Batch[] = [
    ...ofHosts('ip', (host) => addressing(spec, host)),
    ...ofHosts('ip', (host) => ruleLines(host, 4)),
    ...ofHosts('ip -6', (host) => ruleLines(host, 6)),
    ...ofHosts('tc', (host) => (host.link ? qdiscLine(deviceOf(host), host.link) : '')),
    { host: switchName, program: 'tc' as const, text: [...portLinks, ...fabric].join('') },
  ].filter((batch) => batch.text !== '');

  return {
    namespaces: [switchName, ...spec.hosts.map((host) => host.name)],
    cabling,
    cablingOf: ofHost,
    links,
    sysctls: spec.hosts.flatMap((host) =>
      Object.entries(sysctlsToWrite(host)).map(([key, value]) => ({
        host: host.name,
        path: sysctlPath(key),
        value,
      })),
    ),
    batches,
    ports: new Map([...cables].map(([name, { ports }]) => [name, ports])),
    taps: new Map([...cables].map(([name, { taps }]) => [name, taps.map(({ port }) => port)])),
    lan: bridgeOf(lanOf(spec)),
    captured: [...new Set([lanOf(spec), ...hostsOf(spec, 'realServer').map(({ segment }) => segment)])].map(
      bridgeOf,
    ),
    configs: [cabling, ...links, ...batches]
      .map(({ host, program, text }): ConfigText => ({ host, name: `${program} -batch`, text }))
      .concat(spec.hosts.map((host) => ({ host: host.name, name: 'sysctls', text: sysctlText(host) })))
      .filter((config) => config.text !== ''),
  };
}

/** For the VIP of a real server, unless its lab file made the device itself. */
function dummyLine({ hosts }: LabSpec, name: string): string {
  const { server, interfaces = [] } = hosts.find((host) => host.name === name) ?? {};
  const isThere = interfaces.some((one) => one.name === 'dummy0');
  return server?.vipDevice === 'dummy0' && !isThere ? `link add dummy0 netns ${name} type dummy\n` : '';
}

/** The lines of a batch that are about one of these devices. */
export const linesAbout = (batch: Batch, devices: string[]): Batch => {
  const isAbout = (line: string) => devices.some((device) => `${line} `.includes(` dev ${device} `));
  const lines = batch.text.split('\n').filter(isAbout);
  return { ...batch, text: lines.map((line) => `${line}\n`).join('') };
};

const sysctlText = (host: HostSpec): string =>
  Object.entries(sysctlsToWrite(host))
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
