import { type HostSpec, type ServiceSpec, serversOf } from '../spec.ts';
import type { Problems } from './problems.ts';

/**
 * What masquerading asks of a lab: every answer goes back through the director, which therefore is the one default
 * gateway of its real servers, and no client may be reachable without a gateway.
 */
export function checkMasquerading(
  services: ServiceSpec[],
  hosts: Pick<HostSpec, 'name' | 'role' | 'segment'>[],
  problems: Problems,
): void {
  const nat = services.findIndex((service) => service.forward === 'nat');
  if (nat === -1) return;
  const at = ['services', nat, 'forward'];
  if (hosts.filter((host) => host.role === 'director').length > 1) {
    problems.add(at, 'nat needs a lab with one director: it is the default gateway of the real servers.');
  }
  const masqueraded = serverNames(services.filter((service) => service.forward === 'nat'));
  const near = new Set(hosts.flatMap(({ name, segment }) => (masqueraded.has(name) ? [segment] : [])));
  const direct = hosts.find((host) => host.role === 'client' && near.has(host.segment));
  if (direct) {
    const where = direct.segment === 'lan' ? 'on the LAN' : `on «${direct.segment}» with real servers`;
    const why = `the client ${direct.name} is ${where}, so answers would reach it without passing the director`;
    problems.add(at, `nat does not work here: ${why}. Write «via: router» for every client.`);
  }
  const others = serverNames(services.filter((service) => service.forward !== 'nat'));
  const both = [...masqueraded].find((name) => others.has(name));
  if (both !== undefined) {
    const why = 'its default gateway can be the director (nat) or the router (dr, tun), not both';
    problems.add(
      at,
      `${both} is in a nat service and in another one, but ${why}. Use «realServers» to separate them.`,
    );
  }
}

export const serverNames = (services: ServiceSpec[]): Set<string> =>
  new Set(services.flatMap((service) => serversOf(service)));
