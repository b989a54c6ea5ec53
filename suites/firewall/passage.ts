import type { Evidence } from '../../src/model/check.ts';
import { forwardOf } from '../../src/model/forwarding.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { type Answer, type Prober, proberOn } from '../../src/probe/client/prober.ts';
import type { Frame } from '../../src/probe/frame.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { barrier } from '../common/barrier.ts';
import { orWrapped } from '../common/methods.ts';
import { clientOf, macsOf, realServersOf } from '../common/subjects.ts';

/*
 *              in                        out
 *   client ─────────▶ INPUT  IPVS  OUTPUT ─────────▶ real server
 *                      filter    filter                what a director's firewall swallows went in and did not come out
 */

/** Packets of a client that went into a director, and those of them that came out again. */
export interface Crossed {
  in: number;
  out: number;
}

/** What became of the packets of some connections (or datagrams) of one service at the director. */
export interface Passage {
  director: string;
  port: number;
  protocol: ServiceSpec['protocol'];
  answers: Answer[];
  /** SYNs, or datagrams. */
  first: Crossed;
  /** Segments without SYN, and without FIN and RST. */
  later: Crossed;
  /** Segments with FIN or RST. */
  last: Crossed;
  /** New connections that IPVS counted meanwhile; absent without IPVS. */
  scheduled?: number;
  /** Source addresses of what came out. */
  sources: string[];
}

type Talk = (prober: Prober, service: ServiceSpec) => Promise<Answer[]>;

/** @param talk what the client does meanwhile, with one service after the other */
export async function passages(
  lab: Lab,
  services: ServiceSpec[],
  evidence: Evidence,
  talk: Talk,
): Promise<Passage[]> {
  const vips = [...new Set(services.map((one) => one.vip))];
  const into = new Set([...vips, ...services.flatMap((one) => destinationsOf(lab.spec, one))]);
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const director = lab.host(await activeDirector(lab, vips[0] ?? ''));
  const counted = async () => (lab.lacks('ipvs') ? undefined : (await ipvs.counters(director)).connections);
  const capture = await lab.capture({
    filter: orWrapped([...into].map((ip) => `ip dst host ${ip}`).join(' or ')),
  });
  const talks: Pick<Passage, 'port' | 'protocol' | 'answers' | 'scheduled'>[] = [];
  for (const service of services) {
    const before = await counted();
    const answers = await talk(prober, service);
    const after = await counted();
    const scheduled = before === undefined || after === undefined ? undefined : after - before;
    talks.push({
      port: service.port,
      protocol: service.protocol,
      answers,
      ...(scheduled !== undefined && { scheduled }),
    });
  }
  // What the client sent before these echoes has been dealt with when they are back.
  await barrier(lab.host(prober.client), [hostSpec(lab.spec, director.name).ip]);
  const pcap = await capture.stop();
  await evidence.save('requests.pcap', pcap);
  const frames = decodePcap(pcap);
  return talks.map((one, i) => {
    const own = frames.filter((frame) => isFor(frame, lab.spec, services[i]));
    return { director: director.name, ...one, ...crossings(own, lab.spec) };
  });
}

export async function passage(
  lab: Lab,
  service: ServiceSpec,
  evidence: Evidence,
  talk: Talk,
): Promise<Passage> {
  const [one] = await passages(lab, [service], evidence, talk);
  if (!one) throw new Error('one service makes one passage');
  return one;
}

const isFor = ({ ip, tcp, udp }: Frame, spec: LabSpec, service?: ServiceSpec): boolean =>
  service !== undefined &&
  destinationsOf(spec, service).includes(ip?.dst ?? '') &&
  (service.protocol === 'udp' ? udp : tcp)?.dstPort === service.port;

/** What packets for the service are addressed to: the VIP, and behind a director that masquerades the real servers. */
const destinationsOf = (spec: LabSpec, service: ServiceSpec): string[] => [
  service.vip,
  ...realServersOf(spec, service).flatMap(({ name, ip }) => (forwardOf(service, name) === 'nat' ? [ip] : [])),
];

type Crossings = Pick<Passage, 'first' | 'later' | 'last' | 'sources'>;

/**
 * Retransmissions are packets of their own, by the id in the IP header. Segments of connections that were opened before
 * belong to an earlier talk: their entries may be gone, and then a director rightly answers them itself.
 */
function crossings(frames: Frame[], spec: LabSpec): Crossings {
  const directors = macsOf(hostsOf(spec, 'director'));
  const opened = new Set(frames.filter(({ tcp }) => tcp?.flags.syn).map(flowOf));
  const entering = frames.filter(
    (frame) =>
      directors.has(frame.dst) && !directors.has(frame.src) && (!frame.tcp || opened.has(flowOf(frame))),
  );
  const leaving = frames.filter((frame) => directors.has(frame.src) && !directors.has(frame.dst));
  const left = new Set(leaving.map(packetOf));
  const crossed = (kind: (frame: Frame) => boolean): Crossed => {
    const packets = new Set(entering.filter(kind).map(packetOf));
    return { in: packets.size, out: [...packets].filter((packet) => left.has(packet)).length };
  };
  return {
    first: crossed((frame) => frame.udp !== undefined || frame.tcp?.flags.syn === true),
    later: crossed(({ tcp }) => tcp !== undefined && !tcp.flags.syn && !isLast(tcp)),
    last: crossed(({ tcp }) => tcp !== undefined && isLast(tcp)),
    sources: [...new Set(leaving.map((frame) => frame.ip?.src ?? ''))],
  };
}

const isLast = ({ flags }: NonNullable<Frame['tcp']>): boolean => flags.fin || flags.rst;

const flowOf = ({ ip, tcp }: Frame): string => `${ip?.src} ${tcp?.srcPort}`;

/** Source address and port may be rewritten on the way (that is another check's matter), id and sequence stay. */
const packetOf = ({ ip, tcp, udp }: Frame): string =>
  `${ip?.id} ${tcp?.seq ?? ''} ${tcp?.ack ?? ''} ${udp?.payloadBytes ?? ''}`;

/** Two connections, or datagrams, for each real server; at most 12. */
export const askAll: Talk = (prober, service) => {
  const target = { ip: service.vip, port: service.port };
  const count = Math.min(2 * service.realServers.length, 12);
  return service.protocol === 'udp'
    ? prober.datagrams(target, { count, sockets: count, timeoutMs: 500 })
    : prober.requests(target, { count, parallel: 4, timeoutMs: 1_000 });
};

/** «4 of 6 SYNs». */
export const crossedText = ({ in: came, out }: Crossed, noun: string): string => `${out} of ${came} ${noun}`;
