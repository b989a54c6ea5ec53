import {
  addressBeside,
  type HostSpec,
  type LabSpec,
  type Protocol,
  serversOf,
} from '../../src/model/spec.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import type { Misconduct } from './conduct.ts';

/** One socket of a real server, and how it answers there. */
export interface SocketLine {
  server: string;
  protocol: Protocol;
  address: string;
  port: number;
  delayMs: number;
  bodyBytes: number;
  /** Requests worked on at once, of all its sockets together; 0: no limit. */
  concurrency: number;
  /** From the start; missing: none. */
  misconduct?: Misconduct;
}

/**
 * The sockets that the services need on a real server. UDP gets one on each address, since an answer leaves
 * with the address of its socket, and with any other than the VIP the client would not know it.
 */
export function socketsOf(spec: LabSpec, host: HostSpec): SocketLine[] {
  const server = host.server;
  const { dead, ...misconduct } = server?.misconduct ?? {};
  if (!server || dead) return [];
  const lines = spec.services
    .filter((service) => serversOf(service).includes(host.name))
    .flatMap((service) =>
      addresses(service.protocol, service.vip, host).map(
        (address): SocketLine => ({
          server: host.name,
          protocol: service.protocol,
          address,
          port: service.port,
          delayMs: server.delayMs,
          bodyBytes: server.bodyBytes,
          concurrency: server.concurrency ?? 0,
          ...(server.misconduct && { misconduct }),
        }),
      ),
    );
  return [...new Map(lines.map((line) => [formatLine(line), line])).values()];
}

function addresses(protocol: Protocol, vip: string, host: HostSpec): string[] {
  const rip = addressBeside(host, vip);
  if (host.server?.listenOn === 'rip') return [rip];
  return protocol === 'udp' ? [vip, rip] : [isIpv6(vip) ? '::' : '0.0.0.0'];
}

/** As the launcher reads it: its first four words are the namespace, protocol, address and port. */
export const formatLine = (line: SocketLine): string =>
  [
    ...[line.server, line.protocol, line.address, line.port, line.delayMs, line.bodyBytes, line.concurrency],
    ...(line.misconduct ? [JSON.stringify(line.misconduct)] : []),
  ].join(' ');

export function parseLine(text: string): SocketLine {
  const [server = '', protocol, address = '', port, delayMs, bodyBytes, concurrency, misconduct] =
    text.split(' ');
  return {
    server,
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    address,
    port: Number(port),
    delayMs: Number(delayMs),
    bodyBytes: Number(bodyBytes),
    concurrency: Number(concurrency),
    ...(misconduct !== undefined && { misconduct: JSON.parse(misconduct) as Misconduct }),
  };
}
