import { endpoint, isIpv6 } from '../util/ipv6.ts';
import { forwardOf } from './forwarding.ts';
import {
  addressBeside,
  type ForwardingMethod,
  hostSpec,
  type LabSpec,
  type Protocol,
  type ServiceSpec,
} from './spec.ts';

/** How the table of IPVS has the services of a lab, in the words of ipvsadm(8). */

/** What tells services apart there. */
export type Known = Pick<ServiceSpec, 'protocol' | 'vip' | 'port' | 'mark' | 'allPorts'>;

const protocolFlags = { tcp: '-t', udp: '-u' } as const satisfies Record<Protocol, string>;
const methodFlags = { dr: '-g', tun: '-i', nat: '-m' } as const satisfies Record<ForwardingMethod, string>;

/** `-t VIP:PORT`, `-u VIP:0`, `-f MARK`, `-f MARK -6`. */
export function entryOf({ protocol, vip, port, mark, allPorts }: Known): string {
  if (mark !== undefined) return isIpv6(vip) ? `-f ${mark} -6` : `-f ${mark}`;
  return `${protocolFlags[protocol]} ${endpoint(vip, allPorts ? 0 : port)}`;
}

/** Of services that IPVS has as one, such as those of one mark, the first. */
export function inTable<S extends Known>(services: readonly S[]): S[] {
  const entries = new Set<string>();
  return services.filter((service) => {
    const entry = entryOf(service);
    return !entries.has(entry) && entries.add(entry);
  });
}

/** The port with which real servers are listed, but for those with one of their own; 0 where they keep that of the packet. */
export const listedPort = ({ port, mark, allPorts }: Known): number =>
  mark !== undefined || allPorts ? 0 : port;

/** Where NAT sends packets for a service on a real server. */
export const portOn = ({ realServers, ...service }: ServiceSpec, server: string): number =>
  realServers.find(({ name }) => name === server)?.port ?? listedPort(service);

/** `-r RIP:PORT`. */
export const destinationOf = (spec: LabSpec, service: ServiceSpec, server: string): string =>
  `-r ${endpoint(addressBeside(hostSpec(spec, server), service.vip), portOn(service, server))}`;

export const methodFlag = (service: ServiceSpec, server: string): string =>
  methodFlags[forwardOf(service, server)];

/** `198.18.0.100:80`, `firewall mark 1`, as people call it. */
export const entryWords = ({ vip, port, mark, allPorts }: Known): string =>
  mark === undefined ? endpoint(vip, allPorts ? 0 : port) : `firewall mark ${mark}`;
