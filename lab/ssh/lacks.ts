import type { Capability } from '../../src/model/capabilities.ts';
import { deviceOf, type HostSpec, hostsOf, type LabSpec, type SshSpec } from '../../src/model/spec.ts';
import { lacksCapability } from '../base/lacks.ts';
import type { Inspection } from './inspect.ts';

/** Capabilities that change something or send something: not for a lab that is only looked at. */
const changing: Capability[] = [
  ...(['inject', 'serviceFault', 'linkFault', 'directorFault', 'iperf3'] as const),
  ...(['hostFault', 'wireFault', 'answerFault', 'tableFault', 'clockFault', 'rogueRouterFault'] as const),
];

/** Why this lab lacks the capability, as one sentence; undefined when it has it. Pure. */
export function lacksOnMachines(
  capability: Capability,
  spec: LabSpec,
  found: Map<string, Inspection>,
): string | undefined {
  const { readOnly } = spec.driver as SshSpec;
  if (readOnly && changing.includes(capability)) return 'this lab is read-only';
  const without = (program: string, hosts: HostSpec[]): string[] =>
    hosts.filter(({ name }) => !found.get(name)?.programs.has(program)).map(({ name }) => name);
  const clientsAndServers = [...hostsOf(spec, 'client'), ...hostsOf(spec, 'realServer')];
  if (capability === 'capture') {
    const notRoot = spec.hosts.filter(({ name }) => found.get(name)?.uid !== 0).map(({ name }) => name);
    if (notRoot.length > 0) return `only root may capture, and drlab is not root on ${notRoot.join(', ')}`;
    const missing = without('tcpdump', spec.hosts);
    return missing.length > 0 ? `tcpdump is not installed on ${missing.join(', ')}` : undefined;
  }
  if (capability === 'iperf3') {
    const missing = without('iperf3', clientsAndServers);
    return missing.length > 0 ? `iperf3 is not installed on ${missing.join(', ')}` : undefined;
  }
  if (capability === 'linkFault') {
    const ours = spec.hosts.filter((host) => loginUses(host, found.get(host.name))).map(({ name }) => name);
    if (ours.length > 0)
      return `drlab is logged in over the very link that it would cut, on ${ours.join(', ')}`;
    const missing = without('tc', spec.hosts).filter((name) => !found.get(name)?.programs.has('nft'));
    return missing.length > 0 ? `neither nft nor tc is installed on ${missing.join(', ')}` : undefined;
  }
  const directors = hostsOf(spec, 'director').map(({ name }) => found.get(name));
  return lacksCapability(capability, spec, {
    has: () => true,
    ipvs: directors.every((one) => one?.ipvs !== undefined),
    virtualTime: false,
  });
}

/** The connection ends at an address of the lab's interface, or where that cannot be told. */
export function loginUses(host: HostSpec, found: Inspection | undefined): boolean {
  if (!found?.ssh) return true;
  const link = found.links.find(({ addresses }) => addresses.some(({ ip }) => ip === found.ssh?.serverIp));
  return link === undefined || link.name === deviceOf(host);
}
