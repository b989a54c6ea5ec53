import type { Host } from '../model/host.ts';
import { runProgram } from '../programs/index.ts';

/** More than this from one call would no longer be a bounded flood. */
export const mostSyns = 50_000;

export interface Flood {
  srcMac: string;
  dstMac: string;
  /** Best one that nobody has: then nothing answers the real servers either. */
  srcIp: string;
  dstIp: string;
  dstPort: number;
  /** SYN i comes from port `fromPort + i`. */
  fromPort: number;
  count: number;
  /**
   * `syn`: half open. `established`: each SYN is followed by a bare ACK. `fin`: by an ACK and a FIN, so that DR, which
   * sees client segments only, holds a connection that is over.
   */
  segments?: 'syn' | 'established' | 'fin';
  /**
   * False: the TCP checksum is wrong. A director that forwards by DR does not look at it, and the real server
   * drops the segment without an answer, so that only the director is loaded. Default true.
   */
  validChecksum?: boolean;
  device?: string;
}

const sequences = { syn: 'syn', established: 'syn,ack', fin: 'syn,ack,fin' } as const;

/**
 * Sends SYNs of one address from many ports, as fast as the host can, and returns when they are sent.
 * @throws {RangeError} for more than `mostSyns` or ports that do not exist; {CommandFailed}.
 */
export async function flood(host: Host, o: Flood): Promise<void> {
  if (o.count > mostSyns || o.fromPort < 1 || o.fromPort + o.count > 65_536)
    throw new RangeError(`a flood of ${o.count} SYNs from port ${o.fromPort} is out of bounds`);
  const { device = 'eth0', segments = 'syn', validChecksum = true } = o;
  const ends = [device, o.srcMac, o.dstMac, o.dstIp, o.dstPort];
  const what = [o.fromPort, o.count, validChecksum ? 1 : 0, sequences[segments], o.srcIp];
  await runProgram(host, 'flood', [...ends, ...what], { timeoutMs: 60_000 });
}
