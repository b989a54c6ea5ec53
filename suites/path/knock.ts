import { setTimeout as sleep } from 'node:timers/promises';
import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { deviceOf, type HostSpec } from '../../src/model/spec.ts';
import { tcpFrame } from '../../src/probe/frame.ts';
import { inject } from '../../src/probe/inject.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { craftedPort } from '../common/crafted-ports.ts';
import { observerOf, realServersOf, serviceOf } from '../common/subjects.ts';
import { fence } from './fence.ts';

/*
 *   observer ──SYN to the VIP, in a frame for rs1──▶ rs1       no director in between:
 *            ◀──────────────SYN-ACK from the VIP── rs1         what one real server does, alone
 */

export interface Knock {
  sent: number;
  /** Real servers by what they answered to a SYN for the VIP in a frame of their own. */
  answers: { host: string; kind: 'syn-ack' | 'reset' | 'none' }[];
}

/** Who has not answered is asked again: its answer may have been lost, or come late on a busy machine. */
const waitsMs = [0, 700];

/** Every real server of the service with a TCP port; each round's capture is kept as evidence. */
export async function knock(lab: Lab, evidence: Evidence): Promise<Knock> {
  const servers = realServersOf(lab.spec, serviceOf(lab.spec, 'tcp'));
  const kinds = new Map<HostSpec, 'syn-ack' | 'reset'>();
  let sent = 0;
  for (const [round, waitMs] of waitsMs.entries()) {
    const asked = servers.filter((server) => !kinds.has(server));
    if (asked.length === 0) break;
    const pcap = await ask(lab, asked, craftedPort.knock + round * servers.length, waitMs);
    await evidence.save(`knock-${round + 1}.pcap`, pcap);
    const seen = decodePcap(pcap);
    const observer = observerOf(lab.spec);
    sent += seen.filter((frame) => frame.src === observer.mac && frame.tcp?.flags.syn).length;
    for (const { src, tcp } of seen) {
      const server = asked.find(({ mac }) => mac === src);
      if (server && tcp?.flags.ack && (tcp.flags.rst || tcp.flags.syn))
        kinds.set(server, tcp.flags.rst ? 'reset' : 'syn-ack');
    }
  }
  return {
    sent,
    answers: servers.map((server) => ({ host: server.name, kind: kinds.get(server) ?? 'none' })),
  };
}

/** A SYN to each of them, from one port each, and its end. */
async function ask(lab: Lab, servers: HostSpec[], fromPort: number, waitMs: number): Promise<Uint8Array> {
  const service = serviceOf(lab.spec, 'tcp');
  const observer = observerOf(lab.spec);
  const host = lab.host(observer.name);
  const ports = `portrange ${fromPort}-${fromPort + servers.length - 1}`;
  await using capture = await lab.capture({
    filter: `tcp ${ports} and host ${service.vip} and host ${observer.ip}`,
  });
  const send = (flag: 'syn' | 'rst') => {
    const frames = servers.map((server, index) =>
      tcpFrame({
        srcMac: observer.mac,
        dstMac: server.mac,
        srcIp: observer.ip,
        dstIp: service.vip,
        srcPort: fromPort + index,
        dstPort: service.port,
        seq: flag === 'syn' ? 1 : 2,
        flags: [flag],
      }),
    );
    return inject(host, frames, { device: deviceOf(observer) });
  };
  await send('syn');
  await fence(
    host,
    servers.map(({ ip }) => ip),
  );
  await sleep(waitMs);
  const pcap = await capture.stop();
  // Half-open connections would repeat their SYN-ACK for a minute, into what later checks capture.
  await send('rst');
  return pcap;
}
