import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import { filesSay } from '../../src/model/files.ts';
import type { ConfigText } from '../../src/model/lab.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { type Fact, factsIn, tablesIn } from '../../src/probe/state/index.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { switchName } from '../common/subjects.ts';
import { portsIn } from './ports.ts';
import { type Unusual, unusualOf } from './unusual.ts';

/** From what hosts show to what is worth keeping of it. Pure. */

export interface Seen {
  host: string;
  /** Without sysctls that are as meant, or of which the lab file says nothing. */
  facts: Fact[];
  /** Sysctls of which the lab file says nothing, and that most other hosts have otherwise. */
  unusual: Unusual[];
  /** How many there are. */
  sysctls: number;
  /** What drlab wrote there in a form that the lab file does not have. */
  written: Fact[];
}

export interface State {
  hosts: Seen[];
  /** Ports of the switch, by the hosts on their other ends; missing where it is no host. */
  ports?: Record<string, string>;
}

export interface Look {
  state: State;
  /** All of them, by host. */
  sysctls: Map<string, Fact[]>;
}

/** @param texts what host-state.pl printed, by host */
export function lookAt(
  spec: LabSpec,
  configs: readonly ConfigText[],
  texts: ReadonlyMap<string, string>,
): Look {
  const all = new Map([...texts].map(([host, text]) => [host, factsIn(text)]));
  const sysctls = new Map(
    [...all].map(([host, facts]) => [host, facts.filter(({ kind }) => kind === 'sysctl')]),
  );
  const unusual = unusualOf(comparable(spec, sysctls));
  const hosts = [...all].map(([host, facts]): Seen => {
    const wanted = spec.hosts.find(({ name }) => name === host)?.sysctls ?? {};
    return {
      host,
      facts: facts.filter(({ kind, key, value }) => kind !== 'sysctl' || (wanted[key] ?? value) !== value),
      unusual: (unusual.get(host) ?? []).filter(({ key }) => wanted[key] === undefined),
      sysctls: sysctls.get(host)?.length ?? 0,
      written: configs
        .filter((config) => config.host === host && config.name === 'nftables.conf')
        .flatMap(({ text }) => tablesIn(text)),
    };
  });
  const inSwitch = texts.get(switchName);
  return {
    state: { hosts, ...(inSwitch !== undefined && { ports: portsIn(spec, texts, inSwitch) }) },
    sysctls,
  };
}

/** They follow from another setting (`forwarding` from `ip_forward`), or are of devices that not every host has. */
const derived = /\.forwarding$|^net\.ipv[46]\.(conf|neigh)\.(?!all\.|default\.|lo\.|eth0\.)|^net\.bridge\./;

/** Hosts that drlab made alike, and that have no sysctls of their own, with what they have in common whatever part they play. */
function comparable(spec: LabSpec, sysctls: Look['sysctls']): Map<string, Fact[]> {
  if (driverTraitsOf(spec).existingHosts !== undefined) return new Map();
  const made = spec.hosts.filter((host) => host.container?.image === undefined && !filesSay(host, 'sysctls'));
  const withIpv6 = made.filter(({ interfaces = [] }) =>
    interfaces.some(({ addresses }) => addresses.some(isIpv6)),
  );
  const isMixed = withIpv6.length > 0 && withIpv6.length < made.length;
  const isComparable = (key: string): boolean =>
    !derived.test(key) && !(isMixed && key.startsWith('net.ipv6.'));
  return new Map(
    made.map(({ name }) => [name, (sysctls.get(name) ?? []).filter(({ key }) => isComparable(key))]),
  );
}

/** Both looks, with every sysctl that is not the same in both. */
export function bothOf(before: Look, after: Look): { before: State; after: State } {
  return { before: withChanged(before, after), after: withChanged(after, before) };
}

const withChanged = (of: Look, than: Look): State => ({
  ...of.state,
  hosts: of.state.hosts.map((seen) => {
    const values = new Map(than.sysctls.get(seen.host)?.map(({ key, value }) => [key, value]));
    const there = new Set(seen.facts.filter(({ kind }) => kind === 'sysctl').map(({ key }) => key));
    const changed = (of.sysctls.get(seen.host) ?? []).filter(
      ({ key, value }) => values.get(key) !== value && !there.has(key),
    );
    return { ...seen, facts: [...seen.facts, ...changed] };
  }),
});
