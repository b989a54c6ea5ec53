import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../model/lab.ts';
import { type HostSpec, hostSpec } from '../model/spec.ts';
import { isOnLan, type Leg, ownLeg } from '../model/topology.ts';
import { routerOf } from '../model/vantage.ts';
import { ProbeFailed } from './errors.ts';
import { arpRequest, type Frame } from './frame.ts';
import { inject } from './inject.ts';
import { decodePcap } from './pcap.ts';

export interface ArpReply {
  senderMac: string;
  senderIp: string;
  /** µs since 1970. */
  tUs: number;
}

export interface WhoHas {
  /** Answers to our question, from anyone on the segment, in order. */
  replies: ArpReply[];
  /** Our requests that were seen on the wire; 0 means that nothing was asked. */
  asked: number;
  /** When the first of them was, in µs since 1970. */
  firstAskedUs?: number;
  /** The host that asked: `from`, or the router of a client behind one. */
  requester: string;
  pcap: Uint8Array;
}

/**
 * Asks the segment who has `ip`, and listens to everyone, not only to the first answer.
 * A client behind a router cannot ask; its router does, as it would for the client's packets.
 * @param o.by interface of `from` that it asks from; default: that of its own address
 * @param o.count requests; default 3
 * @param o.waitMs how long to listen after the last one; default 500
 * @throws {ProbeFailed} when no capture came out; {CommandFailed} when nothing could be sent.
 */
export async function whoHas(
  lab: Lab,
  from: string,
  ip: string,
  o: { count?: number; waitMs?: number; by?: Leg } = {},
): Promise<WhoHas> {
  const host = o.by ? hostSpec(lab.spec, from) : onLan(lab, from);
  const requester = o.by ?? ownLeg(host);
  const request = arpRequest({ senderMac: requester.mac, senderIp: requester.ip, targetIp: ip });
  await using capture = await lab.capture({ filter: 'arp', at: 'lan' });
  await inject(lab.host(host.name), Array(o.count ?? 3).fill(request), {
    gapMs: 20,
    device: requester.device,
  });
  await sleep(o.waitMs ?? 500);
  const pcap = await capture.stop();
  return { ...answersTo(decodePcap(pcap), requester, ip), requester: host.name, pcap };
}

/** Pure part: the requests that `requester` sent for `ip`, and the replies to it. */
export function answersTo(
  frames: Frame[],
  requester: { mac: string; ip: string },
  ip: string,
): Pick<WhoHas, 'replies' | 'asked' | 'firstAskedUs'> {
  const replies: ArpReply[] = [];
  let asked = 0;
  let firstAskedUs: number | undefined;
  for (const { arp, tUs } of frames) {
    if (arp?.op === 1 && arp.senderMac === requester.mac && arp.targetIp === ip) {
      asked += 1;
      firstAskedUs ??= tUs;
    }
    if (
      arp?.op === 2 &&
      arp.senderIp === ip &&
      arp.targetMac === requester.mac &&
      arp.targetIp === requester.ip
    ) {
      replies.push({ senderMac: arp.senderMac, senderIp: arp.senderIp, tUs });
    }
  }
  return { replies, asked, ...(firstAskedUs !== undefined && { firstAskedUs }) };
}

function onLan(lab: Lab, from: string): HostSpec {
  const host = hostSpec(lab.spec, from);
  if (isOnLan(lab.spec, host)) return host;
  const router = routerOf(lab.spec, host);
  if (!router) throw new ProbeFailed(`${from} is not on the segment, and no router is there to ask for it`);
  return router;
}
