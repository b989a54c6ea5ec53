import { entryWords, type Known } from '../model/ipvs-words.ts';
import { isIpv6 } from '../util/ipv6.ts';
import { ProbeFailed } from './errors.ts';
import { hexIp } from './ipvs-parse.ts';

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
export function parseTable(text: string, service: Known): Table {
  let found: Table | undefined;
  let ours = false;
  for (const line of text.split('\n')) {
    const [first = '', second = '', third = '', weight, active, inactive] = line.trim().split(/\s+/);
    const colon = second.lastIndexOf(':');
    const address = second.slice(0, colon);
    if (first !== '->') {
      ours = isHead(first, second, service);
      if (ours) found ??= { scheduler: third, servers: [] };
    } else if (ours && address.startsWith('[') === isIpv6(service.vip))
      found?.servers.push({
        ip: hexIp(address),
        weight: Number(weight),
        active: Number(active),
        inactive: Number(inactive),
      });
  }
  if (!found)
    throw new ProbeFailed(`no ${service.protocol} service ${entryWords(service)} in /proc/net/ip_vs`);
  return found;
}

/** `TCP C6120064:0050` or `FWM 00000007`, which does not say of which family it is. */
function isHead(first: string, second: string, { protocol, vip, port, mark, allPorts }: Known): boolean {
  if (mark !== undefined) return first === 'FWM' && Number.parseInt(second, 16) === mark;
  const colon = second.lastIndexOf(':');
  return (
    first.toLowerCase() === protocol &&
    hexIp(second.slice(0, colon)) === vip &&
    Number.parseInt(second.slice(colon + 1), 16) === (allPorts ? 0 : port)
  );
}
