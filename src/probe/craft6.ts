import { parseIpv6 } from '../util/ipv6.ts';
import { be16, be32, ethernet, flagBits, type TcpFlag } from './craft.ts';
import { macBytes } from './mac.ts';
import { ipv6Bytes, upperChecksum } from './pseudo6.ts';

/** Where a crafted IPv6 frame comes from and goes to. */
export interface CraftedIp6 {
  srcMac: string;
  dstMac: string;
  srcIp: string;
  dstIp: string;
  /** Default 64. */
  hopLimit?: number;
  /** To find the packet again behind the director, since IPv6 has no identification; default 0. */
  flowLabel?: number;
  /** Puts a destination options header (60) that says nothing before the upper layer. */
  destinationOptions?: boolean;
}

interface Ports {
  srcPort: number;
  dstPort: number;
  payload?: Uint8Array;
}

/** RFC 4291 §2.7.1: the group that whoever has the address listens to, and its MAC (RFC 2464 §7). */
export function solicitedNode(address: string): { ip: string; mac: string } {
  const groups = parseIpv6(address);
  if (!groups) throw new RangeError(`«${address}» is not an IPv6 address`);
  const [high = 0, low = 0] = groups.slice(6);
  const last = [high & 255, low >> 8, low & 255].map((byte) => byte.toString(16).padStart(2, '0'));
  const ip = `ff02::1:ff${last[0]}:${last[1]}${last[2]}`;
  return { ip, mac: `33:33:ff:${last.join(':')}` };
}

/**
 * «Who has targetIp?» (RFC 4861 §4.3). To everyone who listens for that address, or to one MAC alone, as a neighbour
 * is asked whether it is still there (§7.3.3).
 */
export function neighbourSolicitation(o: {
  senderMac: string;
  senderIp: string;
  targetIp: string;
  /** Ask this one alone. */
  onlyMac?: string;
}): Uint8Array {
  const group = solicitedNode(o.targetIp);
  const [dstIp, dstMac] = o.onlyMac === undefined ? [group.ip, group.mac] : [o.targetIp, o.onlyMac];
  const message = [135, 0, 0, 0, 0, 0, 0, 0, ...ipv6Bytes(o.targetIp), 1, 1, ...macBytes(o.senderMac)];
  return packet({ srcMac: o.senderMac, srcIp: o.senderIp, dstMac, dstIp, hopLimit: 255 }, 58, message, 2);
}

/** An ICMPv6 echo request; whoever gets it in its turn has done with all that came before it. */
export function echoRequest6(o: CraftedIp6 & { id: number; sequence?: number }): Uint8Array {
  return packet(o, 58, [128, 0, 0, 0, ...be16(o.id), ...be16(o.sequence ?? 0)], 2);
}

/** One TCP segment without options; its checksum is valid. */
export function tcp6Frame(
  o: CraftedIp6 & Ports & { seq?: number; ack?: number; flags: TcpFlag[] },
): Uint8Array {
  const flags = o.flags.reduce((bits, flag) => bits | flagBits[flag], 0);
  const header = [...be16(o.srcPort), ...be16(o.dstPort), ...be32(o.seq ?? 0), ...be32(o.ack ?? 0)];
  header.push(5 << 4, flags, ...be16(65_535), 0, 0, 0, 0, ...(o.payload ?? []));
  return packet(o, 6, header, 16);
}

/** One UDP datagram; its checksum is valid. */
export function udp6Frame(o: CraftedIp6 & Ports): Uint8Array {
  const payload = o.payload ?? new Uint8Array();
  const header = [...be16(o.srcPort), ...be16(o.dstPort), ...be16(8 + payload.length), 0, 0];
  return packet(o, 17, [...header, ...payload], 6);
}

function packet(o: CraftedIp6, protocol: number, upper: number[], checksumAt: number): Uint8Array {
  const body = Uint8Array.from(upper);
  const checksum = upperChecksum(o.srcIp, o.dstIp, protocol, body);
  // RFC 8200 §8.1: UDP over IPv6 has no checksum zero.
  body.set(be16(protocol === 17 && checksum === 0 ? 0xffff : checksum), checksumAt);
  // One PadN option of four bytes fills the header of eight.
  const extension = o.destinationOptions ? [protocol, 0, 1, 4, 0, 0, 0, 0] : [];
  const next = o.destinationOptions ? 60 : protocol;
  const head = [...be32(0x60000000 + (o.flowLabel ?? 0)), ...be16(extension.length + body.length)];
  head.push(next, o.hopLimit ?? 64, ...ipv6Bytes(o.srcIp), ...ipv6Bytes(o.dstIp), ...extension);
  return ethernet(o.srcMac, o.dstMac, 0x86dd, Uint8Array.from([...head, ...body]));
}
