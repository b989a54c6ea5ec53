/** MAC addresses as text (lower case, colon separated) and as six bytes. */

export const broadcastMac = 'ff:ff:ff:ff:ff:ff';

export function macBytes(text: string): number[] {
  const bytes = text.split(':').map((part) => Number.parseInt(part, 16));
  if (bytes.length !== 6 || bytes.some((byte) => !(byte >= 0 && byte <= 255))) {
    throw new RangeError(`«${text}» is not a MAC address`);
  }
  return bytes;
}

export function formatMac(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
