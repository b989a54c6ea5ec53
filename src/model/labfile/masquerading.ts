import { methodsIn, reachedBy } from '../forwarding.ts';
import type { HostSpec, ServiceSpec } from '../spec.ts';
import type { Problems } from './problems.ts';
import type { RawLab } from './schema.ts';

/**
 * What masquerading asks of a lab: every answer goes back through the director, which therefore is the one default
 * gateway of its real servers, and no client may be reachable without a gateway.
 */
export function checkMasquerading(
  services: ServiceSpec[],
  hosts: Pick<HostSpec, 'name' | 'role' | 'segment'>[],
  { services: raw }: Pick<RawLab, 'services'>,
  problems: Problems,
): void {
  if (!services.some((service) => methodsIn(service).includes('nat'))) return;
  const nat = raw.findIndex(({ forward }) => forward === 'nat');
  const at = nat === -1 ? ['services'] : ['services', nat, 'forward'];
  if (hosts.filter((host) => host.role === 'director').length > 1) {
    problems.add(at, 'nat needs a lab with one director: it is the default gateway of the real servers.');
  }
  const masqueraded = reachedBy(services, 'nat');
  const near = new Set(hosts.flatMap(({ name, segment }) => (masqueraded.has(name) ? [segment] : [])));
  const direct = hosts.find((host) => host.role === 'client' && near.has(host.segment));
  if (direct) {
    const where = direct.segment === 'lan' ? 'on the LAN' : `on «${direct.segment}» with real servers`;
    const why = `the client ${direct.name} is ${where}, so answers would reach it without passing the director`;
    problems.add(at, `nat does not work here: ${why}. Write «via: router» for every client.`);
  }
  const others = reachedBy(services, 'dr', 'tun');
  const both = [...masqueraded].find((name) => others.has(name));
  if (both !== undefined) {
    const why = 'its default gateway can be the director (nat) or the router (dr, tun), not both';
    problems.add(
      at,
      `${both} is reached by nat and by another method, but ${why}. Use «realServers» to separate them.`,
    );
  }
}
