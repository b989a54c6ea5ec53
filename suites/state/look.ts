import type { Evidence } from '../../src/model/check.ts';
import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { type Fact, factsIn, tablesIn } from '../../src/probe/state/index.ts';
import { programCommand } from '../../src/programs/index.ts';
import { switchName } from '../common/subjects.ts';
import { type Unusual, unusualOf } from './compare.ts';
import { portsIn } from './ports.ts';

/** One look at every host of a lab. */

export interface Seen {
  host: string;
  /** Without sysctls that are as meant, or as usual. */
  facts: Fact[];
  unusual: Unusual[];
  sysctls: number;
  /** What drlab wrote there that the lab file does not have word by word. */
  written: Fact[];
}

export interface State {
  hosts: Seen[];
  /** Ports of the switch, by the hosts on their other ends; missing where it is no host. */
  ports?: Record<string, string>;
}

/** With every sysctl. */
export type Sysctls = Map<string, Fact[]>;

/** One round trip for each host, all at once. */
export async function look(
  lab: Lab,
  evidence: Evidence,
  name: string,
): Promise<{ state: State; sysctls: Sysctls }> {
  const { spec } = lab;
  const inspect = async (host: string, ...enter: string[]): Promise<[string, string]> => {
    const through = host === switchName ? (spec.hosts[0]?.name ?? '') : host;
    const { stdout } = await lab.host(through).run([...enter, ...programCommand('host-state', [])]);
    return [host, stdout];
  };
  const { switchIsHost, existingHosts } = driverTraitsOf(spec);
  const texts = new Map(
    await Promise.all([
      ...spec.hosts.map((host) => inspect(host.name)),
      ...(switchIsHost ? [inspect(switchName, 'ip', 'netns', 'exec', switchName)] : []),
    ]),
  );
  await evidence.save(name, [...texts].map(([host, text]) => `##### ${host}\n${text}\n`).join(''));
  const all = new Map([...texts].map(([host, text]) => [host, factsIn(text)]));
  const sysctls: Sysctls = new Map(
    [...all].map(([host, facts]) => [host, facts.filter(({ kind }) => kind === 'sysctl')]),
  );
  const alike = existingHosts === undefined ? comparable(spec, sysctls) : new Map<string, Fact[]>();
  const unusual = unusualOf(alike);
  const hosts = [...all].map(([host, facts]): Seen => {
    const wanted = spec.hosts.find((one) => one.name === host)?.sysctls ?? {};
    const isAsMeant = ({ kind, key, value }: Fact): boolean =>
      kind === 'sysctl' && (wanted[key] === undefined || wanted[key] === value);
    return {
      host,
      facts: facts.filter((fact) => !isAsMeant(fact)),
      unusual: (unusual.get(host) ?? []).filter(({ key }) => wanted[key] === undefined),
      sysctls: sysctls.get(host)?.length ?? 0,
      written: lab.configs
        .filter((config) => config.host === host && config.name === 'nftables.conf')
        .flatMap(({ text }) => tablesIn(text)),
    };
  });
  const inSwitch = texts.get(switchName);
  return {
    state: { hosts, ...(inSwitch !== undefined && { ports: portsIn(texts, inSwitch) }) },
    sysctls,
  };
}

/** They follow from another setting (`forwarding` from `ip_forward`), or are of devices that not every host has. */
const derived = /\.forwarding$|^net\.ipv[46]\.(conf|neigh)\.(?!all\.|default\.|lo\.|eth0\.)|^net\.bridge\./;

/** Hosts that drlab made alike, and what they have in common whatever part they play. */
function comparable(spec: LabSpec, sysctls: Sysctls): Map<string, Fact[]> {
  const made = spec.hosts.filter(({ container }) => container?.image === undefined).map(({ name }) => name);
  return new Map(
    made.map((name) => [name, (sysctls.get(name) ?? []).filter(({ key }) => !derived.test(key))]),
  );
}
