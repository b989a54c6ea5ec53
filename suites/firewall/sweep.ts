import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { deviceOf } from '../../src/model/spec.ts';
import { tcpFrame } from '../../src/probe/frame.ts';
import { inject } from '../../src/probe/inject.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { firstCraftedPort } from '../common/crafted-ports.ts';
import { clientOf, gatewayOf, realServersOf, serviceOf } from '../common/subjects.ts';
import { fence } from '../path/fence.ts';

/** SYNs from all over the client's ports that went straight to one real server. */
export interface Swept {
  server: string;
  sent: number;
  /** Source ports whose SYN was not accepted, twice. */
  silent: number[];
}

/** What is sent in all, at most: with three real servers one SYN from each 64 ports to each. */
const mostSyns = 3_024;
const mostServers = 12;
const [firstPort, lastPort] = [1_024, firstCraftedPort - 1];

/** Asks each real server for the VIP from ports evenly apart: a rule about some of them shows in a gap. */
export async function sweep(lab: Lab, evidence: Evidence): Promise<Swept[]> {
  const service = serviceOf(lab.spec, 'tcp');
  const servers = realServersOf(lab.spec, service).slice(0, mostServers);
  const each = Math.floor(mostSyns / servers.length);
  const step = (lastPort + 1 - firstPort) / each;
  // Away from where it was a moment ago, for an entry or a socket that an earlier round left.
  const offset = Math.floor(Date.now() / 250) % Math.floor(step);
  const ports = Array.from({ length: each }, (_, i) => firstPort + Math.floor(i * step) + offset);
  const missing = new Map(servers.map(({ name }) => [name, ports]));
  for (const round of [1, 2]) {
    const accepted = await ask(lab, missing, (pcap) => evidence.save(`sweep-${round}.pcap`, pcap));
    for (const [name, asked] of missing)
      missing.set(
        name,
        asked.filter((port) => !accepted.get(name)?.has(port)),
      );
    if ([...missing.values()].every((silent) => silent.length === 0)) break;
  }
  return servers.map(({ name }) => ({ server: name, sent: each, silent: missing.get(name) ?? [] }));
}

/** One SYN from each of these ports to each server, and its end; returns the ports that were let in. */
async function ask(
  lab: Lab,
  wanted: Map<string, number[]>,
  save: (pcap: Uint8Array) => Promise<void>,
): Promise<Map<string, Set<number>>> {
  const { vip, port: dstPort } = serviceOf(lab.spec, 'tcp');
  const client = clientOf(lab.spec);
  const from = gatewayOf(lab.spec, client);
  const servers = lab.spec.hosts.filter(({ name }) => wanted.has(name));
  const frames = servers.flatMap(({ name, mac }) =>
    (wanted.get(name) ?? []).flatMap((srcPort) => {
      const common = { srcMac: from.mac, dstMac: mac, srcIp: client.ip, dstIp: vip, srcPort, dstPort };
      // A half-open connection would repeat its SYN-ACK for a minute, and fill the backlog.
      return [
        tcpFrame({ ...common, seq: 1, flags: ['syn'] }),
        tcpFrame({ ...common, seq: 2, flags: ['rst'] }),
      ];
    }),
  );
  const capture = await lab.capture({
    filter: `tcp and src host ${vip} and src port ${dstPort} and dst host ${client.ip}`,
    snapLengthBytes: 96,
  });
  const sender = lab.host(from.name);
  await inject(sender, frames, { device: deviceOf(from) });
  await fence(
    sender,
    servers.map(({ ip }) => ip),
  );
  const pcap = await capture.stop();
  await save(pcap);
  // Of a connection that has just ended from this port the server answers with a bare ACK.
  const seen = decodePcap(pcap).filter(({ tcp }) => tcp?.flags.ack && !tcp.flags.rst);
  return new Map(
    servers.map(({ name, mac }) => [
      name,
      new Set(seen.filter(({ src }) => src === mac).map(({ tcp }) => tcp?.dstPort ?? 0)),
    ]),
  );
}

/** «40000 to 40960», from the first to the last of them. */
export const portsText = (ports: number[]): string =>
  ports.length === 0 ? 'none' : `${Math.min(...ports)} to ${Math.max(...ports)}`;

/** Servers that accept a client from some of its ports and not from others. */
export const partly = (swept: Swept[]): Swept[] =>
  swept.filter(({ sent, silent }) => silent.length > 0 && silent.length < sent);
