import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { type Answer, proberOn } from '../../src/probe/client/prober.ts';
import type { Frame } from '../../src/probe/frame.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { hostOnSegment6, macsOf, serviceOf } from '../common/subjects.ts';
import { address6, patienceMs } from './stage.ts';

/*
 *            ①  CIP→VIP, hop limit n    ②  CIP→VIP, hop limit n-1, other MACs
 *   client ───────────────▶ director ───────────────▶ real server (VIP/128 on lo)
 *      ▲                                                  │
 *      └────────────── ③  VIP→CIP, not through the director
 */

/** A frame as far as judges look at it. */
export type Seen = Pick<Frame, 'src' | 'dst' | 'ip6' | 'tcp' | 'udp' | 'icmp6'>;

export const slim = ({ src, dst, ip6, tcp, udp, icmp6 }: Frame): Seen => ({
  src,
  dst,
  ...(ip6 && { ip6 }),
  ...(tcp && { tcp }),
  ...(udp && { udp }),
  ...(icmp6 && { icmp6 }),
});

export interface Trace6 {
  cip: string;
  vip: string;
  port: number;
  director: string;
  answers: Pick<Answer, 'ok' | 'server' | 'error'>[];
  frames: Seen[];
}

/** Two requests for each real server from the client's CIP, and every IPv6 frame of them on the segment. */
export async function traceRequests6(lab: Lab, evidence: Evidence): Promise<Trace6> {
  const client = hostOnSegment6(lab.spec);
  const cip = address6(client);
  const { vip, port } = serviceOf(lab.spec, 'tcp');
  const director = await activeDirector(lab, vip);
  const prober = await proberOn(lab, client.name);
  const capture = await lab.capture({ filter: `ip6 and host ${cip} and not icmp6` });
  const count = Math.min(2 * serviceOf(lab.spec, 'tcp').realServers.length, 20);
  // At the same time, so that those that nobody answers are waited for only once.
  const answers = await prober.requests(
    { ip: vip, port },
    { count, parallel: count, localAddress: cip, timeoutMs: patienceMs },
  );
  const pcap = await capture.stop();
  await evidence.save('requests.pcap', pcap);
  return {
    cip,
    vip,
    port,
    director,
    answers: answers.map(({ ok, server, error }) => ({
      ok,
      ...(server !== undefined && { server }),
      ...(error !== undefined && { error }),
    })),
    frames: ofOpened(decodePcap(pcap), cip).map(slim),
  };
}

/** Without segments of connections that an earlier check opened, which may still come. */
function ofOpened(frames: Frame[], cip: string): Frame[] {
  const opened = new Set(
    frames.flatMap(({ ip6, tcp }) => (tcp?.flags.syn && ip6?.src === cip ? [tcp.srcPort] : [])),
  );
  return frames.filter(({ ip6, tcp }) => !tcp || opened.has(ip6?.src === cip ? tcp.srcPort : tcp.dstPort));
}

const directorMac = (trace: Pick<Trace6, 'director'>, spec: LabSpec): string =>
  hostSpec(spec, trace.director).mac;

/** The client's frames on their way into the director. */
export const framesIn = (trace: Trace6, spec: LabSpec): Seen[] =>
  trace.frames.filter(
    ({ dst, ip6 }) => ip6?.src === trace.cip && ip6.dst === trace.vip && dst === directorMac(trace, spec),
  );

/** What the director sent to real servers in the client's name. */
export const framesOut = (trace: Trace6, spec: LabSpec): Seen[] => {
  const servers = macsOf(hostsOf(spec, 'realServer'));
  return trace.frames.filter(
    ({ src, dst, ip6 }) => src === directorMac(trace, spec) && servers.has(dst) && ip6?.src === trace.cip,
  );
};

/** Each frame that went on, with the same segment as it came in; IPv6 has no identification to go by. */
export function hops(trace: Trace6, spec: LabSpec): { in: Seen; out: Seen }[] {
  const out = framesOut(trace, spec);
  return framesIn(trace, spec).flatMap((frame) => {
    const at = out.findIndex((candidate) => segment(candidate) === segment(frame));
    return at < 0 ? [] : out.splice(at, 1).map((match) => ({ in: frame, out: match }));
  });
}

const segment = ({ ip6, tcp }: Seen): string =>
  JSON.stringify([ip6?.flowLabel, ip6?.payloadBytes, ip6?.dst, tcp]);

/** Real servers, by name, that were sent the client's segments and never sent the client anything. */
export function silentServers(trace: Trace6, spec: LabSpec): string[] {
  const asked = new Set(framesOut(trace, spec).map((frame) => frame.dst));
  const spoke = new Set(trace.frames.filter(({ ip6 }) => ip6?.dst === trace.cip).map((frame) => frame.src));
  return hostsOf(spec, 'realServer')
    .filter(({ mac }) => asked.has(mac) && !spoke.has(mac))
    .map(({ name }) => name);
}
