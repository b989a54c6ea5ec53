import { directorTraits } from '../../../src/model/director-traits.ts';
import type { DirectorKind, HostSpec, LabSpec } from '../../../src/model/spec.ts';

/**
 * The lab file of machines to log in to, as their owner would write it: the default lab, on them.
 * @param folder where the key of the user and the machines' host keys lie.
 */
export function labText({ hosts }: LabSpec, kind: DirectorKind, folder: string): string {
  const of = (role: HostSpec['role']) =>
    hosts
      .filter((host) => host.role === role)
      .map(({ name, ip, machine }, index) => {
        const weight = role === 'realServer' ? `, weight: ${index + 1}` : '';
        const reached = `{ address: ${machine?.address}, key: ${folder}/user }`;
        return `{ name: ${name}, ip: ${ip}${weight}, machine: ${reached} }`;
      });
  // Where there are several schedulers, the services differ, so that schedulers can be told apart.
  const only = directorTraits[kind].onlyScheduler?.name;
  const [plain, weighted] = only ? [only, only] : ['rr', 'wrr'];
  return `name: machines
driver: { ssh: { knownHosts: ${folder}/known_hosts } }
clients: [ ${of('client')} ]
directors: { with: ${kind}, hosts: [ ${of('director').join(', ')} ] }
realServers:
${of('realServer')
  .map((one) => `  - ${one}\n`)
  .join('')}services:
  - { vip: 198.18.0.100, port: 80, scheduler: ${plain} }
  - { vip: 198.18.0.100, port: 8080, scheduler: ${weighted} }
  - { vip: 198.18.0.100, port: 53, protocol: udp, scheduler: ${plain} }
`;
}
