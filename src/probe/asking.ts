import type { Host } from '../model/host.ts';
import { runProgram } from '../programs/index.ts';

/** What a host believes of some addresses, and who answers when it asks the segment for them. */
export interface Asked {
  /** Its own complete neighbour entries for them, as they were before it asked. */
  neighbours: { ip: string; mac: string; permanent: boolean }[];
  /** Everyone who answered, each MAC once per address. */
  repliers: { ip: string; mac: string }[];
}

/** Asked up to so many times, until someone answers for each address; this long after each. */
const waitsS = [0.35, 0.35, 0.35];

/**
 * Reads the host's neighbour entries for `ips`, then asks the segment who has them: one round trip.
 * @param requester the device of the host, and the address that the question comes from
 * @param o.quietMs how long to listen after the first question; an answer that takes longer is missed
 * @throws {CommandFailed} when the interface is missing or down, or the right to send is.
 */
export async function ask(
  host: Host,
  requester: { device: string; ip: string },
  ips: string[],
  o: { quietMs?: number } = {},
): Promise<Asked> {
  const quietS = (o.quietMs ?? 50) / 1000;
  const words = [requester.device, requester.ip, quietS, waitsS.join(','), ...ips];
  return askedIn(await runProgram(host, 'arp', words), ips);
}

/** Pure part: the lines `entry IP MAC PERMANENT` and `reply IP MAC`. */
export function askedIn(rows: string[][], ips: string[]): Asked {
  const replies = rows.flatMap(([kind, ip = '', mac = '']) => (kind === 'reply' ? [`${ip} ${mac}`] : []));
  return {
    neighbours: rows.flatMap(([kind, ip = '', mac = '', permanent]) =>
      kind === 'entry' && ips.includes(ip)
        ? [{ ip, mac: mac.toLowerCase(), permanent: permanent !== '0' }]
        : [],
    ),
    repliers: [...new Set(replies)].map((reply) => {
      const [ip = '', mac = ''] = reply.split(' ');
      return { ip, mac };
    }),
  };
}
