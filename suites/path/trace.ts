import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostsOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { type Answer, proberOn } from '../../src/probe/client/prober.ts';
import type { Frame } from '../../src/probe/frame.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { orWrapped } from '../common/methods.ts';
import { clientOf, macsOf, macsTowardsServers, serviceOf, soonMs, targetOf } from '../common/subjects.ts';

/*
 *            ①  CIP→VIP                ②  CIP→VIP, only the MACs differ
 *   client ───────────────▶ director ───────────────▶ real server
 *      ▲                                                  │
 *      └────────────── ③  VIP→CIP, not through the director
 */

/** Every IPv4 frame of some requests, in the order on the wire, and what the client was answered. */
export interface Trace {
  cip: string;
  vip: string;
  port: number;
  answers: Answer[];
  frames: Frame[];
}

/** Two requests for each real server, captured on the segment. */
export async function traceRequests(lab: Lab, evidence: Evidence): Promise<Trace> {
  const service = serviceOf(lab.spec, 'tcp');
  const client = clientOf(lab.spec);
  const prober = await proberOn(lab, client.name);
  const capture = await lab.capture({ filter: orWrapped(`tcp and host ${client.ip}`) });
  const count = requestCount(service);
  // All at once, so that a silent real server is waited for once.
  const o = { count, parallel: count, timeoutMs: soonMs(lab.spec) };
  const answers = await prober.requests(targetOf(service), o);
  const pcap = await capture.stop();
  await evidence.save('requests.pcap', pcap);
  return {
    cip: client.ip,
    vip: service.vip,
    port: service.port,
    answers,
    frames: ofOpened(decodePcap(pcap), { cip: client.ip, vip: service.vip, port: service.port }),
  };
}

/**
 * IPv4 frames without those of connections that were opened before: in a lab that checks share, the last segments of
 * an earlier one may still come, and not even for this service.
 */
export function ofOpened(frames: Frame[], { cip, vip, port }: Pick<Trace, 'cip' | 'vip' | 'port'>): Frame[] {
  const opened = new Set(
    frames.flatMap(({ ip, tcp }) =>
      tcp?.flags.syn && ip?.src === cip && ip.dst === vip && tcp.dstPort === port ? [tcp.srcPort] : [],
    ),
  );
  return frames.filter(
    ({ ip, tcp }) => ip && (!tcp || opened.has(ip.src === cip ? tcp.srcPort : tcp.dstPort)),
  );
}

const requestCount = (service: ServiceSpec): number => Math.min(2 * service.realServers.length, 20);

/** A frame that a director sent on, beside the same packet as it came in. */
export interface Hop {
  in: Frame;
  out: Frame;
}

const directorMacs = (spec: LabSpec): Set<string> => macsOf(hostsOf(spec, 'director'));

/** Client-to-VIP frames on their way into a director. */
export const framesIn = (trace: Trace, spec: LabSpec): Frame[] => {
  const directors = directorMacs(spec);
  return trace.frames.filter(
    ({ src, dst, ip, tcp }) =>
      ip?.src === trace.cip &&
      ip.dst === trace.vip &&
      tcp !== undefined &&
      directors.has(dst) &&
      !directors.has(src),
  );
};

/** What directors sent towards real servers: the client's packets, and anything they turned them into. */
export const framesOut = (trace: Trace, spec: LabSpec): Frame[] => {
  const directors = directorMacs(spec);
  const servers = macsTowardsServers(spec);
  return trace.frames.filter(
    ({ src, dst, ip }) => directors.has(src) && servers.has(dst) && isRequest(trace, ip),
  );
};

const isRequest = (trace: Trace, ip: Frame['ip']): boolean =>
  ip !== undefined && (ip.src === trace.cip || ip.protocol === 4);

/** Pairs by what the director must leave alone: the packet's id, and its TCP sequence where it has one. */
export function hops(trace: Trace, spec: LabSpec): Hop[] {
  const out = framesOut(trace, spec);
  const used = new Set<Frame>();
  return framesIn(trace, spec).flatMap((frame) => {
    const match = out.find(
      (candidate) =>
        !used.has(candidate) &&
        candidate.tUs >= frame.tUs &&
        candidate.ip?.id === frame.ip?.id &&
        sameSequence(candidate, frame),
    );
    if (!match) return [];
    used.add(match);
    return [{ in: frame, out: match }];
  });
}

const sameSequence = (a: Frame, b: Frame): boolean =>
  a.tcp?.seq === b.tcp?.seq && a.tcp?.srcPort === b.tcp?.srcPort;

/** Frames from real servers that carry an answer of the service. */
export const repliesOf = (trace: Trace, spec: LabSpec): Frame[] => {
  const servers = macsOf(hostsOf(spec, 'realServer'));
  return trace.frames.filter(
    ({ src, ip, tcp }) => servers.has(src) && ip?.dst === trace.cip && tcp?.srcPort === trace.port,
  );
};
