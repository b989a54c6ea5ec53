import { formatIpv6 } from '../util/ipv6.ts';
import { formatMac } from './mac.ts';
import { upperChecksumOk } from './pseudo6.ts';

export interface Ip6 {
  src: string;
  dst: string;
  hopLimit: number;
  flowLabel: number;
  /** Of the upper layer, behind all extension headers: 6 TCP, 17 UDP, 58 ICMPv6. */
  protocol: number;
  /** Extension headers by number, as they follow each other: 0 hop-by-hop, 43 routing, 44 fragment, 60 destination. */
  extensions: number[];
  fragment?: { id: number; offsetBytes: number; more: boolean };
  /** All that follows the fixed header. */
  payloadBytes: number;
}

/** Neighbour solicitation (135) and advertisement (136), RFC 4861 §4.3 and §4.4. */
export interface NeighbourDiscovery {
  target: string;
  /** The source or target link-layer address option. */
  linkLayer?: string;
  /** Flags of an advertisement. */
  router: boolean;
  solicited: boolean;
  override: boolean;
}

export interface Icmp6 {
  type: number;
  code: number;
  /** False too where the capture cut it short. */
  checksumOk: boolean;
  /** Of the packet that an error (types below 128) quotes. */
  quoted?: { src: string; dst: string; protocol: number; srcPort: number; dstPort: number };
  /** Of `packet too big`. */
  mtu?: number;
  nd?: NeighbourDiscovery;
}

/** An IPv6 packet taken apart; `body` is the upper layer, absent in later fragments. */
export interface Ipv6Packet {
  ip6: Ip6;
  icmp6?: Icmp6;
  body?: Uint8Array;
  bodyBytes: number;
}

/** RFC 8200. Undefined where it is none, or its header is cut off. Never throws. */
export function decodeIpv6(b: Uint8Array): Ipv6Packet | undefined {
  const ip6 = header(b);
  if (!ip6) return undefined;
  let at = 40;
  // Only these have a next header and a length at known places (RFC 6564); a fragment's length is always 8.
  while ([0, 43, 44, 60].includes(ip6.protocol) && b.length >= at + 8) {
    ip6.extensions.push(ip6.protocol);
    const isFragment = ip6.protocol === 44;
    if (isFragment) {
      const word = u16(b, at + 2);
      ip6.fragment = { id: u32(b, at + 4), offsetBytes: word & 0xfff8, more: (word & 1) !== 0 };
    }
    ip6.protocol = b[at] ?? 0;
    at += isFragment ? 8 : ((b[at + 1] ?? 0) + 1) * 8;
    if (ip6.fragment && ip6.fragment.offsetBytes > 0) return { ip6, bodyBytes: 0 };
  }
  const body = b.subarray(at, 40 + ip6.payloadBytes);
  const packet: Ipv6Packet = { ip6, body, bodyBytes: ip6.payloadBytes - (at - 40) };
  if (ip6.protocol === 58 && body.length >= 8) packet.icmp6 = decodeIcmp6(body, ip6);
  return packet;
}

function header(b: Uint8Array): Ip6 | undefined {
  if (b.length < 40 || (b[0] ?? 0) >> 4 !== 6) return undefined;
  return {
    src: address(b, 8),
    dst: address(b, 24),
    hopLimit: b[7] ?? 0,
    flowLabel: u32(b, 0) & 0xfffff,
    protocol: b[6] ?? 0,
    extensions: [],
    payloadBytes: u16(b, 4),
  };
}

function decodeIcmp6(b: Uint8Array, ip6: Ip6): Icmp6 {
  const [type = 0, code = 0] = b;
  const icmp: Icmp6 = { type, code, checksumOk: upperChecksumOk(ip6.src, ip6.dst, 58, b) };
  if (type === 2) icmp.mtu = u32(b, 4);
  if (type < 128) {
    const quoted = decodeIpv6(b.subarray(8));
    if (quoted?.body && quoted.body.length >= 4)
      icmp.quoted = {
        src: quoted.ip6.src,
        dst: quoted.ip6.dst,
        protocol: quoted.ip6.protocol,
        srcPort: u16(quoted.body, 0),
        dstPort: u16(quoted.body, 2),
      };
  }
  if ((type === 135 || type === 136) && b.length >= 24) icmp.nd = discovery(b);
  return icmp;
}

function discovery(b: Uint8Array): NeighbourDiscovery {
  const flags = b[0] === 136 ? (b[4] ?? 0) : 0;
  const nd: NeighbourDiscovery = {
    target: address(b, 8),
    router: (flags & 0x80) !== 0,
    solicited: (flags & 0x40) !== 0,
    override: (flags & 0x20) !== 0,
  };
  for (let at = 24; at + 8 <= b.length && (b[at + 1] ?? 0) > 0; at += (b[at + 1] ?? 0) * 8) {
    if (b[at] === 1 || b[at] === 2) nd.linkLayer = formatMac(b.subarray(at + 2, at + 8));
  }
  return nd;
}

const address = (b: Uint8Array, from: number): string =>
  formatIpv6([0, 2, 4, 6, 8, 10, 12, 14].map((i) => u16(b, from + i)));

const u16 = (b: Uint8Array, at: number): number => ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0);
const u32 = (b: Uint8Array, at: number): number => u16(b, at) * 65536 + u16(b, at + 2);
