import type { LabSpec } from '../../../src/model/spec.ts';
import { sh } from './rig.ts';

/** By which addresses machines are reached: in the same kernel, or in another one behind a link. */
export const nearBy = { machines: '198.19.100' };
export const behindLink = { machines: '198.19.101', here: '198.19.200.1', there: '198.19.200.2' };

const { machines, here, there } = behindLink;

/** In the kernel that has the machines: it forwards between the link and their cables for management. */
export function routeThrough(link: string, { hosts }: LabSpec): void {
  sh(`ip addr add ${there}/30 dev ${link}; ip link set ${link} up; echo 1 >/proc/sys/net/ipv4/ip_forward`);
  for (const [index, { name }] of hosts.entries())
    sh(`ip -n ${name} route add ${here} via ${machines}.${index * 4 + 1} dev mgmt0`);
}

/** Where one logs in from: a link that a guest kernel can be plugged into. */
export const makeLink = (link: string): string =>
  sh(`ip tuntap add ${link} mode tap; ip addr add ${here}/30 dev ${link}; ip link set ${link} up
ip route add ${machines}.0/24 via ${there}`);
