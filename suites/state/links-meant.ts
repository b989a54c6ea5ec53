import { deviceOf, type HostSpec, type LabSpec } from '../../src/model/spec.ts';
import { fact, type Meant } from './compare.ts';
import { virtualRouters } from './directing.ts';

/** What a lab file means for the interfaces of one host. Pure. */

/** Made by the kernel itself where it has the module, or by keepalived for the MAC address of a virtual router. */
const kernelDevices = [
  ...['tunl0', 'gre0', 'gretap0', 'erspan0', 'sit0', 'ip_vti0', 'ip6_vti0', 'ip6tnl0', 'ip6gre0'],
  ...['ifb0', 'ifb1', 'dummy0'],
];

export function linksMeant(spec: LabSpec, host: HostSpec): Meant[] {
  const cards = [
    { device: deviceOf(host), mac: host.mac },
    ...(host.outside ? [{ device: 'eth1', mac: host.outside.mac }] : []),
  ];
  const routers = host.role === 'director' ? virtualRouters(spec) : [];
  return [
    ...cards.flatMap(({ device, mac }) => [
      fact('link', `dev ${device}`, 'up'),
      fact('link', `dev ${device} mtu`, String(spec.network.mtu)),
      fact('link', `dev ${device} address`, mac),
      fact('link', `dev ${device} arp`, 'on'),
    ]),
    ...[...kernelDevices, ...routers].map(
      (device): Meant => ({ ...fact('link', `dev ${device}`, 'up'), optional: true, any: true }),
    ),
  ];
}
