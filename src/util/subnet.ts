import { formatIpv4, parseIpv4 } from './ipv4.ts';
import { formatIpv6, isIpv6, parseIpv6 } from './ipv6.ts';

/** Networks and addresses of either family. */

export interface Subnet {
  family: 4 | 6;
  base: bigint;
  prefixLength: number;
}

interface Address {
  family: 4 | 6;
  value: bigint;
}

/** @returns undefined where the text is no address. */
export function parseAddress(text: string): Address | undefined {
  if (!isIpv6(text)) {
    const value = parseIpv4(text);
    return value === undefined ? undefined : { family: 4, value: BigInt(value) };
  }
  const groups = parseIpv6(text);
  if (!groups) return undefined;
  return { family: 6, value: groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n) };
}

/** `192.0.2.7/24` as its address and prefix length; the length is undefined where the text has none. */
export function parseInterfaceAddress(text: string): (Address & { prefixLength?: number }) | undefined {
  const [ip = '', length, ...rest] = text.split('/');
  const address = parseAddress(ip);
  if (!address || rest.length > 0) return undefined;
  if (length === undefined) return address;
  const prefixLength = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return prefixLength <= bitsOf(address.family) ? { ...address, prefixLength } : undefined;
}

/** The network that an address with its prefix length is in; undefined where the text is none. */
export function subnetOf(text: string): Subnet | undefined {
  const parsed = parseInterfaceAddress(text);
  if (parsed?.prefixLength === undefined) return undefined;
  const { family, value, prefixLength } = parsed;
  const hostBits = BigInt(bitsOf(family) - prefixLength);
  return { family, base: (value >> hostBits) << hostBits, prefixLength };
}

export function holds({ family, base, prefixLength }: Subnet, address: string): boolean {
  const parsed = parseAddress(address);
  const hostBits = BigInt(bitsOf(family) - prefixLength);
  return parsed?.family === family && parsed.value >> hostBits === base >> hostBits;
}

export const overlap = (a: Subnet, b: Subnet): boolean => {
  const hostBits = BigInt(bitsOf(a.family) - Math.min(a.prefixLength, b.prefixLength));
  return a.family === b.family && a.base >> hostBits === b.base >> hostBits;
};

export function formatSubnet({ family, base, prefixLength }: Subnet): string {
  if (family === 4) return `${formatIpv4(Number(base))}/${prefixLength}`;
  const groups = Array.from({ length: 8 }, (_, i) => Number((base >> BigInt(16 * (7 - i))) & 0xffffn));
  return `${formatIpv6(groups)}/${prefixLength}`;
}

const bitsOf = (family: 4 | 6): number => (family === 4 ? 32 : 128);
