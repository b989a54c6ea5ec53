import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostsOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { type Answer, type Prober, proberOn } from '../../src/probe/client/prober.ts';
import type { Frame } from '../../src/probe/frame.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { clientOf, macsOf } from '../common/subjects.ts';

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

type Talk = (prober: Prober) => Promise<Answer[]>;

/** @param talk what the client does meanwhile */
export async function passage(
  lab: Lab,
  service: ServiceSpec,
  evidence: Evidence,
  talk: Talk,
): Promise<Passage> {
  const { vip, port, protocol } = service;
  const client = clientOf(lab.spec);
  const prober = await proberOn(lab, client.name);
  const director = lab.host(await activeDirector(lab, vip));
  const scheduled = async () => (lab.lacks('ipvs') ? undefined : (await ipvs.counters(director)).connections);
  const before = await scheduled();
  const capture = await lab.capture({ filter: `${protocol} and dst host ${vip} and dst port ${port}` });
  const answers = await talk(prober);
  // The last FIN leaves just after the answer.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const pcap = await capture.stop();
  const after = await scheduled();
  await evidence.save(`${protocol}-${port}.pcap`, pcap);
  const frames = decodePcap(pcap);
  return {
    director: director.name,
    port,
    protocol,
    answers,
    ...crossings(frames, lab.spec),
    ...(before !== undefined && after !== undefined && { scheduled: after - before }),
  };
}

type Crossings = Pick<Passage, 'first' | 'later' | 'last' | 'sources'>;

/** Retransmissions are packets of their own, by the id in the IP header. */
function crossings(frames: Frame[], spec: LabSpec): Crossings {
  const directors = macsOf(hostsOf(spec, 'director'));
  const entering = frames.filter((frame) => directors.has(frame.dst) && !directors.has(frame.src));
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

/** Source address and port may be rewritten on the way (that is another check's matter), id and sequence stay. */
const packetOf = ({ ip, tcp, udp }: Frame): string =>
  `${ip?.id} ${tcp?.seq ?? ''} ${tcp?.ack ?? ''} ${udp?.payloadBytes ?? ''}`;

/** Two connections, or datagrams, for each real server; at most 12. */
export const askAll = (service: ServiceSpec): Talk => {
  const target = { ip: service.vip, port: service.port };
  const count = Math.min(2 * service.realServers.length, 12);
  return (prober) =>
    service.protocol === 'udp'
      ? prober.datagrams(target, { count, sockets: count, timeoutMs: 500 })
      : prober.requests(target, { count, parallel: 4, timeoutMs: 1_000 });
};

/** «4 of 6 SYNs». */
export const crossedText = ({ in: came, out }: Crossed, noun: string): string => `${out} of ${came} ${noun}`;
