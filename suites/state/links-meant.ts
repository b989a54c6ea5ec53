import type { HostSpec, LabSpec } from '../../src/model/spec.ts';
import { devicesOf, interfacesOf } from '../../src/model/topology.ts';
import { fact, type Meant } from './compare.ts';
import { virtualRouters } from './directing.ts';

/** What a lab file means for the interfaces of one host. Pure. */

/** Made by the kernel itself where it has the module, or by keepalived for the MAC address of a virtual router. */
const kernelDevices = [
  ...['tunl0', 'gre0', 'gretap0', 'erspan0', 'sit0', 'ip_vti0', 'ip6_vti0', 'ip6tnl0', 'ip6gre0'],
  ...['ifb0', 'ifb1', 'dummy0'],
];

export function linksMeant(spec: LabSpec, host: HostSpec): Meant[] {
  const named = new Set(devicesOf(spec, host));
  const routers = host.role === 'director' ? virtualRouters(spec) : [];
  return [
    ...interfacesOf(spec, host).flatMap(({ name, kind, mac, mtu }) => [
      fact('link', `dev ${name}`, 'up'),
      fact('link', `dev ${name} mtu`, String(mtu)),
      fact('link', `dev ${name} address`, mac),
      fact('link', `dev ${name} arp`, kind === 'dummy' ? 'off' : 'on'),
    ]),
    ...[...kernelDevices, ...routers]
      .filter((device) => !named.has(device))
      .map((device): Meant => ({ ...fact('link', `dev ${device}`, 'up'), optional: true, any: true })),
  ];
}
