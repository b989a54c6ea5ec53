import { setTimeout as sleep } from 'node:timers/promises';
import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { deviceOf, type HostSpec } from '../../src/model/spec.ts';
import { legTo } from '../../src/model/topology.ts';
import { tcpFrame } from '../../src/probe/frame.ts';
import { inject } from '../../src/probe/inject.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { barrier } from './barrier.ts';

/*
 *   sender ──SYN, in a frame for one real server──▶ real server      past every director:
 *          ◀──────────────────────SYN-ACK or reset──                 what that server does, alone
 */

/** A SYN for one real server; no two for the same server have the same source port. */
export interface Syn {
  sender: HostSpec;
  /** Whose address it bears: the sender's, or that of a client behind it. */
  source: HostSpec;
  server: HostSpec;
  /** Destination address and port. */
  ip: string;
  port: number;
  srcPort: number;
}

/** `refused`: a reset. `unreachable`: told by ICMP, which a filter or a router says. */
export type SynAnswer = 'accepted' | 'refused' | 'unreachable' | 'none';

export interface Answered {
  /** SYNs of ours that the first capture saw. */
  sent: number;
  answerTo(syn: Syn): SynAnswer;
}

/** Who has not accepted is asked again: an answer may have been lost, or come late on a busy machine. */
const waitsMs = [0, 700];

/** Sends them all, twice where need be; `NAME.pcap` and `NAME-again.pcap` become evidence. */
export async function sendSyns(lab: Lab, syns: Syn[], name: string, evidence: Evidence): Promise<Answered> {
  const answers = new Map<string, SynAnswer>();
  const answerTo = (syn: Syn): SynAnswer => answers.get(keyOf(syn.server.mac, syn.srcPort)) ?? 'none';
  let sent: number | undefined;
  for (const [round, waitMs] of waitsMs.entries()) {
    const asked = syns.filter((syn) => answerTo(syn) !== 'accepted');
    if (asked.length === 0) break;
    const pcap = await ask(lab, asked, waitMs);
    await evidence.save(`${name}${round === 0 ? '' : '-again'}.pcap`, pcap);
    const seen = read(pcap, asked, answers);
    sent ??= seen;
  }
  return { sent: sent ?? 0, answerTo };
}

const keyOf = (serverMac: string, srcPort: number): string => `${serverMac} ${srcPort}`;

/** Our own resets are left out of the capture: they alone have neither SYN nor ACK. */
async function ask(lab: Lab, syns: Syn[], waitMs: number): Promise<Uint8Array> {
  const sources = unique(syns.map(({ source }) => `host ${source.ip}`)).join(' or ');
  const ports = unique(syns.map(({ port }) => `port ${port}`)).join(' or ');
  const tcp = `tcp and (${ports}) and (${sources}) and tcp[tcpflags] & (tcp-syn|tcp-ack) != 0`;
  await using capture = await lab.capture({
    filter: `(${tcp}) or icmp[icmptype] == icmp-unreach`,
    snapLengthBytes: 96,
  });
  await Promise.all(unique(syns.map(({ sender }) => sender)).map((sender) => sendFrom(lab, sender, syns)));
  await sleep(waitMs);
  return await capture.stop();
}

/** Each SYN is followed by its end: half-open connections would repeat their SYN-ACK for a minute, and fill the backlog. */
async function sendFrom(lab: Lab, sender: HostSpec, syns: Syn[]): Promise<void> {
  const own = syns.filter((syn) => syn.sender === sender);
  const frames = own.flatMap(({ source, server, ip, port, srcPort }) => {
    const addresses = {
      srcMac: legTo(lab.spec, sender, server).mac,
      dstMac: server.mac,
      srcIp: source.ip,
      dstIp: ip,
    };
    const common = { ...addresses, srcPort, dstPort: port };
    return [tcpFrame({ ...common, seq: 1, flags: ['syn'] }), tcpFrame({ ...common, seq: 2, flags: ['rst'] })];
  });
  const host = lab.host(sender.name);
  const [first] = own;
  await inject(host, frames, {
    device: first ? legTo(lab.spec, sender, first.server).device : deviceOf(sender),
  });
  await barrier(host, unique(own.map(({ server }) => server.ip)));
}

/** Notes the answers. @returns how many of the SYNs are in the capture. */
function read(pcap: Uint8Array, syns: Syn[], answers: Map<string, SynAnswer>): number {
  const asked = new Set(syns.map(({ server, srcPort }) => keyOf(server.mac, srcPort)));
  // What a server says after it has accepted is about the reset that followed.
  const note = (key: string, answer: SynAnswer): void => {
    if (asked.has(key) && answers.get(key) !== 'accepted') answers.set(key, answer);
  };
  let sent = 0;
  for (const { src, dst, tcp, icmp } of decodePcap(pcap)) {
    if (tcp?.flags.syn && asked.has(keyOf(dst, tcp.srcPort))) sent++;
    // To a SYN from a port whose connection has just ended a server says a bare ACK (RFC 9293 §3.10.7.4).
    if (tcp?.flags.ack) note(keyOf(src, tcp.dstPort), tcp.flags.rst ? 'refused' : 'accepted');
    if (icmp?.quoted?.srcPort) note(keyOf(src, icmp.quoted.srcPort), 'unreachable');
  }
  return sent;
}

const unique = <T>(all: T[]): T[] => [...new Set(all)];
