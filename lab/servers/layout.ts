import { portOn } from '../../src/model/ipvs-words.ts';
import { type Carrier, portsServed, type Serves, type Spoken } from '../../src/model/serves.ts';
import { addressBeside, type HostSpec, type LabSpec, serversOf, vipsOf } from '../../src/model/spec.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import type { Misconduct } from './conduct.ts';
import type { StandIn } from './stand-in.ts';

/** One socket of a real server, and how it answers there. */
export interface SocketLine {
  server: string;
  protocol: Carrier;
  address: string;
  port: number;
  delayMs: number;
  bodyBytes: number;
  /** Requests worked on at once, of all its sockets together; 0: no limit. */
  concurrency: number;
  /** From the start; missing: none. */
  misconduct?: Misconduct;
  /** Missing: what drlab asks, and nothing else. */
  standIn?: StandIn;
}

/**
 * The sockets that the services need on a real server. UDP gets one on each address, since an answer leaves
 * with the address of its socket, and with any other than the VIP the client would not know it.
 */
export function socketsOf(spec: LabSpec, host: HostSpec): SocketLine[] {
  const server = host.server;
  const { dead, ...misconduct } = server?.misconduct ?? {};
  if (!server || dead) return [];
  const { serves } = server;
  const line = (protocol: Carrier, address: string, port: number): SocketLine => {
    const standIn = serves && standInAt(serves, protocol, port, addressBeside(host, address));
    return {
      server: host.name,
      protocol,
      address,
      port,
      delayMs: server.delayMs,
      bodyBytes: server.bodyBytes,
      concurrency: server.concurrency ?? 0,
      ...(server.misconduct && { misconduct }),
      ...(standIn && { standIn }),
    };
  };
  const its = spec.services.filter((service) => serversOf(service).includes(host.name));
  const vips = vipsOf({ ...spec, services: its });
  const lines = [
    ...its.flatMap((service) =>
      addresses(service.protocol, service.vip, host).map((address) =>
        line(service.protocol, address, portOn(service, host.name) || service.port),
      ),
    ),
    ...(serves ? portsServed(serves) : []).flatMap(({ carrier, port }) =>
      (vips.length > 0 ? vips : [host.ip]).flatMap((vip) =>
        addresses(carrier, vip, host).map((address) => line(carrier, address, port)),
      ),
    ),
  ];
  return [...new Map(lines.map((one) => [formatLine(one), one])).values()];
}

/** What a lab file says of a port; HTTP is spoken on each TCP port anyway, and echoed on each of UDP. */
function standInAt(serves: Serves, carrier: Carrier, port: number, rip: string): StandIn | undefined {
  const { pages, banner, names } = serves;
  const said = portsServed(serves).find((one) => one.carrier === carrier && one.port === port);
  const spoken: Spoken | undefined = said?.spoken ?? (pages && carrier === 'tcp' ? 'http' : undefined);
  if (spoken === undefined || spoken === 'udp') return undefined;
  return {
    spoken,
    rip,
    ...(pages && (spoken === 'http' || spoken === 'https') && { pages }),
    ...(spoken === 'smtp' && banner !== undefined && { banner }),
    ...(spoken === 'dns' && names && { names }),
  };
}

function addresses(protocol: Carrier, vip: string, host: HostSpec): string[] {
  const rip = addressBeside(host, vip);
  if (host.server?.listenOn === 'rip') return [rip];
  if (protocol !== 'tcp') return [...new Set([vip, rip])];
  return [isIpv6(vip) ? '::' : '0.0.0.0'];
}

/** As the launcher reads it: its first four words are the namespace, protocol, address and port. */
export const formatLine = (line: SocketLine): string =>
  [
    ...[line.server, line.protocol, line.address, line.port, line.delayMs, line.bodyBytes, line.concurrency],
    ...(line.misconduct || line.standIn
      ? [JSON.stringify({ misconduct: line.misconduct, standIn: line.standIn })]
      : []),
  ].join(' ');

export function parseLine(text: string): SocketLine {
  const [server = '', protocol, address = '', port, delayMs, bodyBytes, concurrency, ...more] =
    text.split(' ');
  return {
    server,
    protocol: protocol as Carrier,
    address,
    port: Number(port),
    delayMs: Number(delayMs),
    bodyBytes: Number(bodyBytes),
    concurrency: Number(concurrency),
    ...(more.length > 0 && (JSON.parse(more.join(' ')) as Pick<SocketLine, 'misconduct' | 'standIn'>)),
  };
}
