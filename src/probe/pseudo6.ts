import { parseIpv6 } from '../util/ipv6.ts';
import { internetChecksum } from './checksum.ts';

/** The sixteen bytes of an address. @throws {RangeError} on what is none. */
export function ipv6Bytes(text: string): number[] {
  const groups = parseIpv6(text);
  if (!groups) throw new RangeError(`«${text}» is not an IPv6 address`);
  return groups.flatMap((group) => [group >> 8, group & 255]);
}

/** RFC 8200 §8.1: over the addresses, the length, the protocol and the upper layer as it is. */
export function upperChecksum(src: string, dst: string, protocol: number, body: Uint8Array): number {
  const length = [0, 0, body.length >> 8, body.length & 255];
  return internetChecksum(
    Uint8Array.from([...ipv6Bytes(src), ...ipv6Bytes(dst), ...length, 0, 0, 0, protocol, ...body]),
  );
}

/** The stored checksum makes the sum come out as zero. */
export const upperChecksumOk = (src: string, dst: string, protocol: number, body: Uint8Array): boolean =>
  upperChecksum(src, dst, protocol, body) === 0;
