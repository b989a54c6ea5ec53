import { overhead, weightedLeastConnections } from './least.ts';
import type { Choose, Server } from './server.ts';

/** lblc and lblcr: clients of one destination address stay together. Linux ip_vs_lblc.c, ip_vs_lblcr.c. */

/** Over its weight, while another server has less than half of its own. */
const hasToGiveWay = (server: Server, servers: readonly Server[]): boolean =>
  server.active > server.weight && servers.some(({ active, weight }) => 2 * active < weight);

/**
 * One server for each address; a server at its upper threshold is not left for that.
 * @param cached name of the server that the address has; undefined: not seen yet.
 */
export function localityBased(cached?: string): Choose {
  let own = cached;
  return (servers, arrival) => {
    const server = servers.find(({ name }) => name === own);
    if (server && server.weight > 0 && !hasToGiveWay(server, servers)) return server;
    const chosen = weightedLeastConnections(servers, arrival);
    if (chosen) own = chosen.name;
    return chosen;
  };
}

export interface Replicated {
  choose: Choose;
  /** What happens to the next connection once the set has not changed for `lblcr_expiration`: the busiest one leaves. */
  prune(servers: readonly Server[]): void;
  /** Names of the set, the latest first. */
  readonly set: string[];
}

/** A set of servers for each address, which grows by the least loaded of all when the best of the set is full. */
export function replicated(): Replicated {
  const set: string[] = [];
  const members = (servers: readonly Server[]): Server[] =>
    set.flatMap((name) => servers.filter((server) => server.name === name));
  return {
    set,
    choose(servers, arrival) {
      const best = weightedLeastConnections(members(servers), arrival);
      if (best && !hasToGiveWay(best, servers)) return best;
      const chosen = weightedLeastConnections(servers, arrival);
      if (chosen && !set.includes(chosen.name)) set.unshift(chosen.name);
      return chosen;
    },
    prune(servers) {
      if (set.length < 2) return;
      const busiest = members(servers)
        .filter(({ weight }) => weight > 0)
        .reduce<Server | undefined>(
          (most, one) => (!most || overhead(most) * one.weight < overhead(one) * most.weight ? one : most),
          undefined,
        );
      if (busiest) set.splice(set.indexOf(busiest.name), 1);
    },
  };
}
