/** IPv4 addresses as numbers and back; a network as address and prefix length. */

export interface Ipv4Network {
  /** First address, host order. */
  base: number;
  prefixLength: number;
}

/** @returns the address as an unsigned number, or undefined where the text is no IPv4 address. */
export function parseIpv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** @returns the network of `a.b.c.d/n`, or undefined where it is none or has host bits set. */
export function parseNetwork(text: string): Ipv4Network | undefined {
  const [address, prefix, ...rest] = text.split('/');
  const base = parseIpv4(address ?? '');
  const prefixLength = /^\d{1,2}$/.test(prefix ?? '') ? Number(prefix) : Number.NaN;
  if (base === undefined || rest.length > 0 || !(prefixLength <= 32)) return undefined;
  return base % 2 ** (32 - prefixLength) === 0 ? { base, prefixLength } : undefined;
}

export function contains(network: Ipv4Network, address: number): boolean {
  return address >= network.base && address < network.base + 2 ** (32 - network.prefixLength);
}
