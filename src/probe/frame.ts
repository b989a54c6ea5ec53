import { formatIpv4 } from '../util/ipv4.ts';
import { internetChecksum } from './checksum.ts';
import { decodeIpv6, type Icmp6, type Ip6 } from './frame6.ts';
import { formatMac } from './mac.ts';

export { arpRequest, icmpFrame, ipFrame, tcpFrame, udpFrame } from './craft.ts';
export type { Icmp6, Ip6, NeighbourDiscovery } from './frame6.ts';

export interface Arp {
  /** 1: request, 2: reply. */
  op: number;
  senderMac: string;
  senderIp: string;
  targetMac: string;
  targetIp: string;
}

export interface Ip {
  src: string;
  dst: string;
  ttl: number;
  id: number;
  protocol: number;
  tos: number;
  totalBytes: number;
  dontFragment: boolean;
  moreFragments: boolean;
  /** In bytes. */
  fragmentOffset: number;
  headerChecksumOk: boolean;
}

export interface Tcp {
  srcPort: number;
  dstPort: number;
  seq: number;
  ack: number;
  flags: { syn: boolean; ack: boolean; fin: boolean; rst: boolean; psh: boolean };
  checksum: number;
  /** By the IP header, so that Ethernet padding does not count. */
  payloadBytes: number;
}

export interface Udp {
  srcPort: number;
  dstPort: number;
  payloadBytes: number;
}

export interface Icmp {
  type: number;
  code: number;
  /** Of the packet that an ICMP error quotes. */
  quoted?: { src: string; dst: string; protocol: number; srcPort: number; dstPort: number };
  /** Next-hop MTU of `fragmentation needed`. */
  mtu?: number;
}

const ipip = 4;

/** One Ethernet frame. Parts that were cut off by the snap length, or do not belong to it, are absent. */
export interface Frame {
  /** When it was captured, µs since 1970. */
  tUs: number;
  src: string;
  dst: string;
  etherType: number;
  /** Length on the wire, also where fewer bytes were captured. */
  bytes: number;
  arp?: Arp;
  /** The header around the packet where it came in IPIP (protocol 4), as TUN sends it; all that follows is of the packet inside. */
  outer?: Ip;
  ip?: Ip;
  tcp?: Tcp;
  udp?: Udp;
  icmp?: Icmp;
  ip6?: Ip6;
  icmp6?: Icmp6;
}

/** Decodes Ethernet (with 802.1Q tags skipped), ARP, IPv4, IPv4 in IPv4, IPv6, TCP, UDP, ICMP, ICMPv6. Never throws. */
export function decodeFrame(bytes: Uint8Array, tUs: number): Frame {
  const frame: Frame = {
    tUs,
    src: formatMac(bytes.subarray(6, 12)),
    dst: formatMac(bytes.subarray(0, 6)),
    etherType: 0,
    bytes: bytes.length,
  };
  let at = 12;
  while (at + 6 <= bytes.length && u16(bytes, at) === 0x8100) at += 4;
  if (at + 2 > bytes.length) return frame;
  frame.etherType = u16(bytes, at);
  const rest = bytes.subarray(at + 2);
  if (frame.etherType === 0x0806 && rest.length >= 28) frame.arp = decodeArp(rest);
  if (frame.etherType === 0x0800) decodeIpv4(rest, frame);
  if (frame.etherType === 0x86dd) takeIpv6(rest, frame);
  return frame;
}

function decodeArp(b: Uint8Array): Arp {
  return {
    op: u16(b, 6),
    senderMac: formatMac(b.subarray(8, 14)),
    senderIp: formatIpv4(u32(b, 14)),
    targetMac: formatMac(b.subarray(18, 24)),
    targetIp: formatIpv4(u32(b, 24)),
  };
}

function decodeIpv4(b: Uint8Array, frame: Frame): void {
  const headerBytes = (at(b, 0) & 0x0f) * 4;
  if (at(b, 0) >> 4 !== 4 || headerBytes < 20 || b.length < headerBytes) return;
  const fragment = u16(b, 6);
  const ip: Ip = {
    src: formatIpv4(u32(b, 12)),
    dst: formatIpv4(u32(b, 16)),
    ttl: at(b, 8),
    id: u16(b, 4),
    protocol: at(b, 9),
    tos: at(b, 1),
    totalBytes: u16(b, 2),
    dontFragment: (fragment & 0x4000) !== 0,
    moreFragments: (fragment & 0x2000) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    headerChecksumOk: internetChecksum(b.subarray(0, headerBytes)) === 0,
  };
  frame.ip = ip;
  if (ip.fragmentOffset > 0) return;
  const body = b.subarray(headerBytes);
  // What was cut into fragments after it was wrapped cannot be looked into.
  if (ip.protocol === ipip && !frame.outer && !ip.moreFragments) {
    frame.outer = ip;
    decodeIpv4(body, frame);
    return;
  }
  // Segmentation offload can leave 0 here for super-frames.
  const bodyBytes = ip.totalBytes === 0 ? body.length : ip.totalBytes - headerBytes;
  if (ip.protocol === 6 && body.length >= 20) frame.tcp = decodeTcp(body, bodyBytes);
  if (ip.protocol === 17 && body.length >= 8) frame.udp = decodeUdp(body);
  if (ip.protocol === 1 && body.length >= 8) frame.icmp = decodeIcmp(body);
}

function takeIpv6(b: Uint8Array, frame: Frame): void {
  const packet = decodeIpv6(b);
  if (!packet) return;
  frame.ip6 = packet.ip6;
  if (packet.icmp6) frame.icmp6 = packet.icmp6;
  const { body, bodyBytes } = packet;
  if (!body) return;
  if (packet.ip6.protocol === 6 && body.length >= 20) frame.tcp = decodeTcp(body, bodyBytes);
  if (packet.ip6.protocol === 17 && body.length >= 8) frame.udp = decodeUdp(body);
}

function decodeTcp(b: Uint8Array, segmentBytes: number): Tcp {
  const flags = at(b, 13);
  return {
    srcPort: u16(b, 0),
    dstPort: u16(b, 2),
    seq: u32(b, 4),
    ack: u32(b, 8),
    flags: {
      syn: (flags & 0x02) !== 0,
      ack: (flags & 0x10) !== 0,
      fin: (flags & 0x01) !== 0,
      rst: (flags & 0x04) !== 0,
      psh: (flags & 0x08) !== 0,
    },
    checksum: u16(b, 16),
    payloadBytes: segmentBytes - (at(b, 12) >> 4) * 4,
  };
}

function decodeUdp(b: Uint8Array): Udp {
  return { srcPort: u16(b, 0), dstPort: u16(b, 2), payloadBytes: u16(b, 4) - 8 };
}

/** Destination unreachable, source quench, redirect, time exceeded, parameter problem. */
const icmpErrors = [3, 4, 5, 11, 12];

function decodeIcmp(b: Uint8Array): Icmp {
  const icmp: Icmp = { type: at(b, 0), code: at(b, 1) };
  if (!icmpErrors.includes(icmp.type)) return icmp;
  if (icmp.type === 3 && icmp.code === 4) icmp.mtu = u16(b, 6);
  const quoted = b.subarray(8);
  const headerBytes = (at(quoted, 0) & 0x0f) * 4;
  if (quoted.length < headerBytes + 4 || headerBytes < 20) return icmp;
  icmp.quoted = {
    src: formatIpv4(u32(quoted, 12)),
    dst: formatIpv4(u32(quoted, 16)),
    protocol: at(quoted, 9),
    srcPort: u16(quoted, headerBytes),
    dstPort: u16(quoted, headerBytes + 2),
  };
  return icmp;
}

function at(b: Uint8Array, index: number): number {
  return b[index] ?? 0;
}

function u16(b: Uint8Array, index: number): number {
  return (at(b, index) << 8) | at(b, index + 1);
}

function u32(b: Uint8Array, index: number): number {
  return u16(b, index) * 65536 + u16(b, index + 2);
}
