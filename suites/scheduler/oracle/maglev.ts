import { type HashFlags, ipNumber, pick } from './hash.ts';
import { greatestCommonDivisor } from './rotation.ts';
import type { Choose, Server } from './server.ts';
import { hsiphash } from './siphash.ts';

/**
 * mh: Maglev hashing. Eisenbud et al., «Maglev», NSDI 2016, §3.4; Linux ip_vs_mh.c. Only for 64-bit kernels with
 * CONFIG_IP_VS_MH_TAB_INDEX=12, as Debian has it.
 */

/** Slots of the table, a prime. */
export const slots = 4093;
const placeKey = [2654435761n, 2654435761n] as const;
const skipKey = [2654446892n, 2654446892n] as const;
/** Weights are cut to so many bits. */
const weightBits = 6;

interface Turn {
  server: Server;
  slot: number;
  skip: number;
  /** Slots it takes before the next one's turn. */
  turns: number;
}

const weightOf = ({ lastWeight, weight }: Server): number => lastWeight ?? weight;
const bitsOf = (n: number): number => 32 - Math.clz32(n);

function turnsOf(servers: readonly Server[], port: number): Turn[] {
  const weights = servers.map(weightOf);
  const gcd = greatestCommonDivisor(weights);
  if (gcd < 1) return [];
  const shift = Math.max(0, bitsOf(Math.floor(Math.max(...weights) / gcd)) - weightBits);
  return servers
    .filter((server) => weightOf(server) > 0)
    .map((server) => ({
      server,
      slot: hsiphash(ipNumber(server.ip) + port, placeKey) % slots,
      skip: (hsiphash(ipNumber(server.ip) + port, skipKey) % (slots - 1)) + 1,
      turns: Math.floor(weightOf(server) / gcd) >> shift || 1,
    }));
}

/**
 * The lookup table. Servers take turns, in the order of the list, and take the next free slot of their own permutation.
 * @param port of the service, which each destination has as its own.
 */
export function maglevTable(servers: readonly Server[], port: number): Server[] {
  const turns = turnsOf(servers, port);
  const table = new Array<Server | undefined>(slots);
  let filled = 0;
  while (turns.length > 0)
    for (const turn of turns)
      for (let i = 0; i < turn.turns; i++) {
        while (table[turn.slot]) turn.slot = (turn.slot + turn.skip) % slots;
        table[turn.slot] = turn.server;
        if (++filled === slots) return table as Server[];
      }
  return [];
}

/** @returns the slot, 0 to 4092. */
export const maglevSlot = (ip: string, port = 0, offset = 0): number =>
  hsiphash(ipNumber(ip) + port + offset, placeKey) % slots;

/** @param servicePort of the service, since the table depends on it. */
export const maglev = (servicePort: number, flags: HashFlags = {}): Choose => {
  let known: { of: string; table: number[] } | undefined;
  return (servers, { srcIp, srcPort }) => {
    const of = JSON.stringify(servers.map((server) => [server.ip, weightOf(server)]));
    if (known?.of !== of) {
      const indices = new Map(servers.map((server, i) => [server.ip, i]));
      known = { of, table: maglevTable(servers, servicePort).map(({ ip }) => indices.get(ip) ?? 0) };
    }
    const table = known.table.map((i) => servers[i] as Server);
    const port = flags.port ? srcPort : 0;
    return pick(table, maglevSlot(srcIp, port), (offset) => maglevSlot(srcIp, port, offset), flags);
  };
};
