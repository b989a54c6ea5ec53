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
  /** IP options, a multiple of four bytes. */
  ipOptions?: number[];
  payload?: Uint8Array;
}

/** Bits of the flags of TCP. */
export const flagBits = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;
export type TcpFlag = keyof typeof flagBits;

export interface CraftedTcp extends CraftedIp {
  seq?: number;
  ack?: number;
  flags: TcpFlag[];
  windowBytes?: number;
  /** TCP options, a multiple of four bytes; none by default. */
  tcpOptions?: number[];
}

/** One TCP segment; checksums are valid. */
export function tcpFrame(o: CraftedTcp): Uint8Array {
  const flags = o.flags.reduce((bits, flag) => bits | flagBits[flag], 0);
  const options = o.tcpOptions ?? [];
  const header = [...be16(o.srcPort), ...be16(o.dstPort), ...be32(o.seq ?? 0), ...be32(o.ack ?? 0)];
  header.push((5 + options.length / 4) << 4, flags, ...be16(o.windowBytes ?? 65535), ...be16(0), ...be16(0));
  return ipv4(o, 6, [...header, ...options], 16);
}

/** One UDP datagram; checksums are valid. */
export function udpFrame(o: CraftedIp): Uint8Array {
  const length = 8 + (o.payload?.length ?? 0);
  return ipv4(o, 17, [...be16(o.srcPort), ...be16(o.dstPort), ...be16(length), ...be16(0)], 6);
}

/** What an IPv4 packet of any protocol has. */
type IpHeader = Omit<CraftedIp, 'srcPort' | 'dstPort'>;

/** One IPv4 packet of any protocol, such as ESP (50): `payload` follows the IP header as it is. */
export function ipFrame(o: IpHeader & { protocol: number }): Uint8Array {
  return packet(o, o.protocol, o.payload ?? new Uint8Array());
}

/** One ICMP message (RFC 792) with a valid checksum; `rest` is the second word, such as the MTU. */
export function icmpFrame(o: IpHeader & { type: number; code: number; rest?: number }): Uint8Array {
  const message = Uint8Array.from([o.type, o.code, 0, 0, ...be32(o.rest ?? 0), ...(o.payload ?? [])]);
  message.set(be16(internetChecksum(message)), 2);
  return packet(o, 1, message);
}

function ipv4(o: CraftedIp, protocol: number, header: number[], checksumAt: number): Uint8Array {
  const segment = Uint8Array.from([...header, ...(o.payload ?? [])]);
  const addresses = [...ipBytes(o.srcIp), ...ipBytes(o.dstIp)];
  const pseudo = [...addresses, 0, protocol, ...be16(segment.length)];
  const checksum = internetChecksum(Uint8Array.from([...pseudo, ...segment]));
  // RFC 768: a UDP checksum of zero means none, so a computed zero is sent as ones.
  segment.set(be16(protocol === 17 && checksum === 0 ? 0xffff : checksum), checksumAt);
  return packet(o, protocol, segment);
}

function packet(o: IpHeader, protocol: number, body: Uint8Array): Uint8Array {
  const options = o.ipOptions ?? [];
  const headerBytes = 20 + options.length;
  const flags = o.dontFragment === false ? 0 : 0x4000;
  const ip = [0x40 + headerBytes / 4, o.tos ?? 0, ...be16(headerBytes + body.length)];
  ip.push(...be16(o.id ?? 0), ...be16(flags), o.ttl ?? 64, protocol, 0, 0);
  ip.push(...ipBytes(o.srcIp), ...ipBytes(o.dstIp), ...options);
  const bytes = Uint8Array.from([...ip, ...body]);
  bytes.set(be16(internetChecksum(bytes.subarray(0, headerBytes))), 10);
  return ethernet(o.srcMac, o.dstMac, 0x0800, bytes);
}

/** One Ethernet frame, padded to the smallest size. */
export function ethernet(src: string, dst: string, etherType: number, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(Math.max(smallestFrameBytes, 14 + body.length));
  frame.set([...macBytes(dst), ...macBytes(src), ...be16(etherType)]);
  frame.set(body, 14);
  return frame;
}

function ipBytes(text: string): number[] {
  const address = parseIpv4(text);
  if (address === undefined) throw new RangeError(`«${text}» is not an IPv4 address`);
  return be32(address);
}

/** Two and four bytes in the order of the network. */
export function be16(value: number): number[] {
  return [(value >>> 8) & 255, value & 255];
}

export function be32(value: number): number[] {
  return [...be16(value >>> 16), ...be16(value & 0xffff)];
}
