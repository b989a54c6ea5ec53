import { type ServiceSpec, serversOf } from '../spec.ts';
import type { PlannedHost } from './plan.ts';
import type { Problems } from './problems.ts';

/**
 * What masquerading asks of a lab: every answer goes back through the director, which therefore is the one default
 * gateway of its real servers, and no client may be reachable without a gateway.
 */
export function checkMasquerading(services: ServiceSpec[], planned: PlannedHost[], problems: Problems): void {
  const nat = services.findIndex((service) => service.forward === 'nat');
  if (nat === -1) return;
  const at = ['services', nat, 'forward'];
  if (planned.filter((host) => host.role === 'director').length > 1) {
    problems.add(at, 'nat needs a lab with one director: it is the default gateway of the real servers.');
  }
  const direct = planned.find((host) => host.role === 'client' && host.segment === 'lan');
  if (direct) {
    const why = `the client ${direct.name} is on the LAN, so answers would reach it without passing the director`;
    problems.add(at, `nat does not work here: ${why}. Write «via: router» for every client.`);
  }
  const masqueraded = serverNames(services.filter((service) => service.forward === 'nat'));
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
