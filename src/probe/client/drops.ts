import { readFileSync } from 'node:fs';

/**
 * Datagrams that came for these ports of this host and were thrown away, since nobody read them in time.
 * @param procNetUdp text of /proc/net/udp or udp6; its last column counts them
 */
export function droppedAt(ports: ReadonlySet<number>, procNetUdp: string): number {
  return procNetUdp
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '']) => ports.has(Number.parseInt(local.split(':')[1] ?? '', 16)))
    .reduce((sum, fields) => sum + Number(fields.at(-1)), 0);
}

export const droppedHere = (ports: ReadonlySet<number>): number =>
  ['/proc/net/udp', '/proc/net/udp6'].reduce((sum, path) => sum + droppedAt(ports, textOf(path)), 0);

/** A kernel without IPv6 has no udp6. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
