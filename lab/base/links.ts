import type { HostSpec, InterfaceSpec } from '../../src/model/spec.ts';

/** `ip -batch` lines that make what a host has on top of its Ethernet interfaces; empty where there is nothing. */
export const linkLines = ({ interfaces = [] }: HostSpec): string =>
  interfaces
    .flatMap(linesFor)
    .map((line) => `${line}\n`)
    .join('');

function linesFor({ name, kind, mac, mtu, of = [], vlan, mode }: InterfaceSpec): string[] {
  const [below] = of;
  const enslaved = of.map((member) => `link set ${member} master ${name}`);
  switch (kind) {
    case 'ethernet':
      return [];
    case 'dummy':
      return [`link add ${name} address ${mac} mtu ${mtu} type dummy`];
    case 'vlan':
      return [`link add link ${below} name ${name} address ${mac} mtu ${mtu} type vlan id ${vlan}`];
    case 'macvlan':
      return [`link add link ${below} name ${name} address ${mac} mtu ${mtu} type macvlan mode bridge`];
    case 'bond':
      return [`link add ${name} address ${mac} mtu ${mtu} type bond mode ${mode} miimon 100`, ...enslaved];
    case 'bridge':
      return [
        `link add ${name} address ${mac} mtu ${mtu} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
        ...enslaved,
      ];
  }
}
