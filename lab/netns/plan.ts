import { sysctlsToWrite } from '../../src/model/files.ts';
import type { ConfigText } from '../../src/model/lab.ts';
import type { HostSpec, LabSpec } from '../../src/model/spec.ts';
import { addressing, loadTunnels, sysctlPath } from '../base/addressing.ts';
import { qdiscLine } from '../base/impairment.ts';

/** The namespace that holds the bridges; no host may be called so. */
export const switchName = 'switch';

/** One text for `PROGRAM -batch`, run in the namespace of `host`. */
export interface Batch {
  host: string;
  program: 'ip' | 'tc';
  text: string;
}

/** Everything that makes the network of a lab, as texts, in the order in which they are applied. */
export interface Plan {
  /** The switch first, so that it also goes first. */
  namespaces: string[];
  /** Bridges and cables. */
  cabling: Batch;
  /** Written once the interfaces exist and before they are up; paths relative to /proc/sys. */
  sysctls: { host: string; path: string; value: string }[];
  /** Addresses, routes and impairments. */
  batches: Batch[];
  /** Switch ports of each host, `eth0` first. */
  ports: Map<string, string[]>;
  configs: ConfigText[];
}

const bridges = { lan: 'br0', outside: 'br1' } as const;

/** Pure: the same spec gives the same texts. */
export function plan(spec: LabSpec): Plan {
  const ports = new Map<string, string[]>();
  let cables = bridgeLine(bridges.lan, '02:00:00:00:ff:00', spec);
  if (spec.hosts.some((host) => host.outside || host.segment === 'outside')) {
    cables += bridgeLine(bridges.outside, '02:00:00:00:ff:01', spec);
  }
  let portCount = 0;
  const cable = (host: HostSpec, device: string, mac: string, bridge: string): string => {
    const port = `p${++portCount}`;
    ports.set(host.name, [...(ports.get(host.name) ?? []), port]);
    const mtu = spec.network.mtu;
    return `link add ${port} mtu ${mtu} master ${bridge} up type veth peer name ${device} netns ${host.name} mtu ${mtu} address ${mac}\n`;
  };
  for (const host of spec.hosts) {
    cables += cable(host, 'eth0', host.mac, bridges[host.segment]);
    if (host.outside) cables += cable(host, 'eth1', host.outside.mac, bridges.outside);
    if (host.server?.vipDevice === 'dummy0') cables += `link add dummy0 netns ${host.name} type dummy\n`;
  }

  if (spec.services.some(({ forward }) => forward === 'tun')) cables += loadTunnels;

  const cabling: Batch = { host: switchName, program: 'ip', text: cables };
  const portLinks = spec.hosts.map((host) =>
    host.link ? qdiscLine(ports.get(host.name)?.[0] ?? '', host.link) : '',
  );
  const batches: Batch[] = [
    ...spec.hosts.map((host): Batch => ({ host: host.name, program: 'ip', text: addressing(spec, host) })),
    ...spec.hosts.map(
      (host): Batch => ({
        host: host.name,
        program: 'tc',
        text: host.link ? qdiscLine('eth0', host.link) : '',
      }),
    ),
    { host: switchName, program: 'tc', text: portLinks.join('') },
  ].filter((batch) => batch.text !== '') as Batch[];

  return {
    namespaces: [switchName, ...spec.hosts.map((host) => host.name)],
    cabling,
    sysctls: spec.hosts.flatMap((host) =>
      Object.entries(sysctlsToWrite(host)).map(([key, value]) => ({
        host: host.name,
        path: sysctlPath(key),
        value,
      })),
    ),
    batches,
    ports,
    configs: [cabling, ...batches]
      .map(({ host, program, text }): ConfigText => ({ host, name: `${program} -batch`, text }))
      .concat(spec.hosts.map((host) => ({ host: host.name, name: 'sysctls', text: sysctlText(host) })))
      .filter((config) => config.text !== ''),
  };
}

/** The lines of a batch in which the word is followed by one of these: `netns` and a host, `dev` and a port. */
export const linesAbout = (batch: Batch, word: string, names: string[]): Batch => {
  const isAbout = new RegExp(` ${word} (${names.join('|')})( |$)`);
  const lines = batch.text.split('\n').filter((line) => isAbout.test(line));
  return { ...batch, text: lines.map((line) => `${line}\n`).join('') };
};

const sysctlText = (host: HostSpec): string =>
  Object.entries(sysctlsToWrite(host))
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');

/** With an address of its own the bridge is not renamed after its lowest port each time one is added. */
const bridgeLine = (name: string, mac: string, spec: LabSpec): string =>
  `link add ${name} address ${mac} mtu ${spec.network.mtu} up type bridge stp_state 0 forward_delay 0 mcast_snooping 0\n`;
