/** IPv6 addresses as eight groups of 16 bits, and back. */

/** Tells the two families apart by what no IPv4 address has; says nothing about whether the rest is well formed. */
export const isIpv6 = (text: string): boolean => text.includes(':');

/** @returns eight numbers from 0 to 65535, or undefined where the text is no IPv6 address (zones are none either). */
export function parseIpv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const left = 8 - head.length - tail.length;
  // `::` stands for at least one group; without it there must be all eight.
  if (halves.length === 2 ? left < 1 : left !== 0) return undefined;
  const words = [...head, ...Array<string>(left).fill('0'), ...tail];
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  return words.map((word) => Number.parseInt(word, 16));
}

/** As RFC 5952 writes it: lower case, no leading zeros, the longest run of two or more zero groups as `::`. */
export function formatIpv6(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16));
  let best = { from: 0, length: 1 };
  for (let from = 0; from < text.length; from++) {
    let length = 0;
    while (text[from + length] === '0') length++;
    if (length > best.length) best = { from, length };
  }
  if (best.length < 2) return text.join(':');
  return `${text.slice(0, best.from).join(':')}::${text.slice(best.from + best.length).join(':')}`;
}

/** An address in one spelling, that of RFC 5952; IPv4 addresses have one. */
export function plainAddress(text: string): string {
  const groups = parseIpv6(text);
  return groups ? formatIpv6(groups) : text;
}

/** All 32 digits in eight groups, as the kernel prints them in /proc (`%pI6`). @throws {RangeError} on what is none. */
export function fullIpv6(text: string): string {
  const groups = parseIpv6(text);
  if (!groups) throw new RangeError(`«${text}» is not an IPv6 address`);
  return groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
}

/** `198.18.0.100:80`, `[fd00::64]:80`. */
export const endpoint = (address: string, port: number): string =>
  isIpv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
