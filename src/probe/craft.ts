import { parseIpv4 } from '../util/ipv4.ts';
import { internetChecksum } from './checksum.ts';
import { broadcastMac, macBytes } from './mac.ts';

/** Ethernet's smallest frame, without the check sequence. */
const smallestFrameBytes = 60;

/** Broadcast `who-has targetIp tell senderIp` (RFC 826). */
export function arpRequest(o: { senderMac: string; senderIp: string; targetIp: string }): Uint8Array {
  const arp = [...be16(1), ...be16(0x0800), 6, 4, ...be16(1)];
  arp.push(...macBytes(o.senderMac), ...ipBytes(o.senderIp), 0, 0, 0, 0, 0, 0, ...ipBytes(o.targetIp));
  return ethernet(o.senderMac, broadcastMac, 0x0806, Uint8Array.from(arp));
}

/** Addresses, ports and headers that every crafted IPv4 frame has. */
export interface CraftedIp {
  srcMac: string;
  dstMac: string;
  srcIp: string;
  dstIp: string;
  srcPort: number;
  dstPort: number;
  /** Default 64. */
  ttl?: number;
  /** IP identification, to find the packet again behind the director; default 0. */
  id?: number;
  tos?: number;
  /** Default true. */
  dontFragment?: boolean;
  payload?: Uint8Array;
}

const flagBits = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;
export type TcpFlag = keyof typeof flagBits;

/** One TCP segment without options; checksums are valid. */
export function tcpFrame(
  o: CraftedIp & { seq?: number; ack?: number; flags: TcpFlag[]; windowBytes?: number },
): Uint8Array {
  const flags = o.flags.reduce((bits, flag) => bits | flagBits[flag], 0);
  const header = [...be16(o.srcPort), ...be16(o.dstPort), ...be32(o.seq ?? 0), ...be32(o.ack ?? 0)];
  header.push(5 << 4, flags, ...be16(o.windowBytes ?? 65535), ...be16(0), ...be16(0));
  return ipv4(o, 6, header, 16);
}

/** One UDP datagram; checksums are valid. */
export function udpFrame(o: CraftedIp): Uint8Array {
  const length = 8 + (o.payload?.length ?? 0);
  return ipv4(o, 17, [...be16(o.srcPort), ...be16(o.dstPort), ...be16(length), ...be16(0)], 6);
}

function ipv4(o: CraftedIp, protocol: number, header: number[], checksumAt: number): Uint8Array {
  const segment = Uint8Array.from([...header, ...(o.payload ?? [])]);
  const addresses = [...ipBytes(o.srcIp), ...ipBytes(o.dstIp)];
  const pseudo = [...addresses, 0, protocol, ...be16(segment.length)];
  const checksum = internetChecksum(Uint8Array.from([...pseudo, ...segment]));
  // RFC 768: a UDP checksum of zero means none, so a computed zero is sent as ones.
  segment.set(be16(protocol === 17 && checksum === 0 ? 0xffff : checksum), checksumAt);
  const flags = o.dontFragment === false ? 0 : 0x4000;
  const ip = [0x45, o.tos ?? 0, ...be16(20 + segment.length), ...be16(o.id ?? 0), ...be16(flags)];
  ip.push(o.ttl ?? 64, protocol, 0, 0, ...addresses);
  const packet = Uint8Array.from([...ip, ...segment]);
  packet.set(be16(internetChecksum(packet.subarray(0, 20))), 10);
  return ethernet(o.srcMac, o.dstMac, 0x0800, packet);
}

function ethernet(src: string, dst: string, etherType: number, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(Math.max(smallestFrameBytes, 14 + body.length));
  frame.set([...macBytes(dst), ...macBytes(src), ...be16(etherType)]);
  frame.set(body, 14);
  return frame;
}

function ipBytes(text: string): number[] {
  const address = parseIpv4(text);
  if (address === undefined) throw new RangeError(`«${text}» is no IPv4 address`);
  return be32(address);
}

function be16(value: number): number[] {
  return [(value >>> 8) & 255, value & 255];
}

function be32(value: number): number[] {
  return [...be16(value >>> 16), ...be16(value & 0xffff)];
}
