/** What every scheduler knows of a real server, and how one connection after the other changes it. */

export interface Server {
  name: string;
  /** The RIP, which mh hashes. */
  ip: string;
  weight: number;
  /** Connections in a state that IPVS counts as active: SYN_RECV and ESTABLISHED of TCP, never UDP. */
  active: number;
  inactive: number;
  /** At or above its upper threshold: no scheduler but lblc's cache may choose it. */
  overloaded?: boolean;
  /** Its upper threshold, of active and inactive connections together. Default: none. */
  upper?: number;
  /** The last weight above 0 that it had, which mh goes by. Default: `weight`. */
  lastWeight?: number;
}

/** The first packet of a connection. */
export interface Arrival {
  srcIp: string;
  srcPort: number;
  dstIp: string;
}

/** Who gets the connection; undefined: nobody, and the client is refused. Lists are in the kernel's order. */
export type Choose = (servers: readonly Server[], arrival: Arrival) => Server | undefined;

/** What stands for «nobody» in sequences of names. */
export const refused = 'refused';

export const available = (server: Server): boolean => server.weight > 0 && !server.overloaded;

const anyone: Arrival = { srcIp: '0.0.0.0', srcPort: 0, dstIp: '0.0.0.0' };

/**
 * Hands out `count` connections one after the other, each of which stays.
 * @param kind `held`: TCP, which counts as active. `inactive`: UDP, or TCP that is closed before the next comes.
 * @returns who got each, and the servers as they are then; those given are left alone.
 */
export function replay(
  choose: Choose,
  servers: readonly Server[],
  count: number,
  kind: 'held' | 'inactive' = 'held',
): { names: string[]; after: Server[] } {
  const after = servers.map((server) => ({ ...server }));
  const names = Array.from({ length: count }, () => {
    const chosen = choose(after, anyone);
    if (!chosen) return refused;
    if (kind === 'held') chosen.active += 1;
    else chosen.inactive += 1;
    if (chosen.upper !== undefined) chosen.overloaded = chosen.active + chosen.inactive >= chosen.upper;
    return chosen.name;
  });
  return { names, after };
}
