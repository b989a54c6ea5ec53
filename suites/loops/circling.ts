import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostsOf, type ServiceSpec } from '../../src/model/spec.ts';
import { type Answer, proberOn } from '../../src/probe/client/prober.ts';
import type { Frame } from '../../src/probe/frame.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { barrier } from '../common/barrier.ts';
import { clientOf, count, hostOfMac, list, targetOf } from '../common/subjects.ts';

/** How often packets of a client crossed the segment on their way. */
export interface Circling {
  port: number;
  answers: Answer[];
  /** Distinct packets of the client for the VIP. */
  packets: number;
  frames: number;
  /** Of the packet that crossed the segment most often: how often, and the hosts that sent it, client left out. */
  mostFrames: number;
  senders: string[];
  /** How many packets were sent on by two hosts or more. */
  passedTwice: number;
}

/** To a director and from it: behind a router these are also the frames on the lab's segment. */
export const framesOfOnePacket = 2;

/** Two requests for each real server, captured on the segment. */
export async function circling(lab: Lab, service: ServiceSpec, evidence: Evidence): Promise<Circling> {
  const { vip, port } = service;
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const capture = await lab.capture({ filter: `tcp and dst host ${vip} and dst port ${port}` });
  // A loop ends within a millisecond, by the TTL; its client need not wait for long.
  const answers = await prober.requests(targetOf(service), {
    count: Math.min(Math.max(2 * service.realServers.length, 6), 16),
    parallel: 4,
    timeoutMs: 500,
  });
  await barrier(
    lab.host(prober.client),
    hostsOf(lab.spec, 'director').map(({ ip }) => ip),
  );
  const pcap = await capture.stop();
  const frames = decodePcap(pcap);
  await evidence.save(`vip-${port}.pcap`, pcap);
  const packets = grouped(frames);
  const worst = packets.reduce((most, each) => (each.length > most.length ? each : most), []);
  const sendersOf = (each: Frame[]): string[] => {
    const own = hostsOf(lab.spec, 'client').concat(hostsOf(lab.spec, 'router'));
    const names = each.map((frame) => hostOfMac(lab.spec, frame.src)?.name ?? frame.src);
    return [...new Set(names)].filter((name) => !own.some((host) => host.name === name));
  };
  return {
    port,
    answers,
    packets: packets.length,
    frames: frames.length,
    mostFrames: worst.length,
    senders: sendersOf(worst),
    passedTwice: packets.filter((each) => sendersOf(each).length > 1).length,
  };
}

function grouped(frames: Frame[]): Frame[][] {
  const groups = new Map<string, Frame[]>();
  for (const frame of frames) {
    const packet = packetOf(frame);
    groups.set(packet, [...(groups.get(packet) ?? []), frame]);
  }
  return [...groups.values()];
}

const packetOf = ({ ip, tcp }: Frame): string =>
  `${ip?.id} ${tcp?.srcPort} ${tcp?.seq} ${tcp?.ack} ${tcp?.payloadBytes}`;

export const circlingText = ({ answers, packets, frames, mostFrames, passedTwice }: Circling): string => {
  const errors = answers.flatMap((one) => one.error ?? []);
  const ok = answers.filter((one) => one.ok).length;
  return `${count(packets, 'packet')} in ${frames} frames, at most ${mostFrames} of one; ${passedTwice} passed two hosts; ${ok} of ${answers.length} answered${errors.length > 0 ? ` (${list(errors)})` : ''}`;
};

/** Whether some packet was balanced more than once. */
export const circles = ({ mostFrames, passedTwice }: Circling): boolean =>
  mostFrames > framesOfOnePacket || passedTwice > 0;
