import { ProbeFailed } from './errors.ts';
import { hexIp } from './ipvs-parse.ts';

export interface Service {
  protocol: 'tcp' | 'udp';
  vip: string;
  port: number;
}

/** One service of `/proc/net/ip_vs`, which keeps the kernel's own order of real servers; `ipvsadm` sorts them. */
export interface Table {
  scheduler: string;
  /** The RIPs, with their weights and connections. */
  servers: { ip: string; weight: number; active: number; inactive: number }[];
}

/**
 * Addresses and ports are in hex there, numbers are not.
 * @throws {ProbeFailed} when there is no such service.
 */
export function parseTable(text: string, { protocol, vip, port }: Service): Table {
  let found: Table | undefined;
  let ours = false;
  for (const line of text.split('\n')) {
    const [first = '', second = '', third = '', weight, active, inactive] = line.trim().split(/\s+/);
    const colon = second.lastIndexOf(':');
    const address = second.slice(0, colon);
    if (first !== '->') {
      const same = hexIp(address) === vip && Number.parseInt(second.slice(colon + 1), 16) === port;
      ours = first.toLowerCase() === protocol && same;
      if (ours) found = { scheduler: third, servers: [] };
    } else if (ours)
      found?.servers.push({
        ip: hexIp(address),
        weight: Number(weight),
        active: Number(active),
        inactive: Number(inactive),
      });
  }
  if (!found) throw new ProbeFailed(`no ${protocol} service ${vip}:${port} in /proc/net/ip_vs`);
  return found;
}
