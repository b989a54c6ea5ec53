import type { Host } from '../../src/model/host.ts';
import { procNet } from '../../src/probe/proc-net.ts';
import { parseIpv4 } from '../../src/util/ipv4.ts';

/** How many entries a client address has on a port of a service, by state. Counted there, since there may be many. */
export async function entriesByState(
  director: Host,
  cip: string,
  vport: number,
): Promise<Record<string, number>> {
  const cipHex = ((parseIpv4(cip) ?? 0) >>> 0).toString(16).toUpperCase().padStart(8, '0');
  const portHex = vport.toString(16).toUpperCase().padStart(4, '0');
  const { stdout } = await director.exec(
    `exec awk '$2 == "${cipHex}" && $5 == "${portHex}" { n[$8]++ } END { for (s in n) print s, n[s] }' /proc/net/ip_vs_conn`,
  );
  const words = stdout.split('\n').map((line) => line.split(' '));
  return Object.fromEntries(
    words.flatMap(([state, n]): [string, number][] => (state && n ? [[state, Number(n)]] : [])),
  );
}

export const total = (byState: Record<string, number>): number =>
  Object.values(byState).reduce((sum, n) => sum + n, 0);

/** «512 SYN_RECV, 3 ESTABLISHED»; «none». */
export const statesIn = (byState: Record<string, number>): string =>
  Object.entries(byState)
    .map(([state, n]) => `${n} ${state}`)
    .join(', ') || 'none';

/** Frames that a host's interface took in so far: what a flood lost on the way is not the director's doing. */
export async function framesInto(host: Host, device: string): Promise<number> {
  const line =
    (await procNet(host, 'dev')).split('\n').find((one) => one.trim().startsWith(`${device}:`)) ?? '';
  return Number(
    line
      .slice(line.indexOf(':') + 1)
      .trim()
      .split(/\s+/)[1] ?? Number.NaN,
  );
}
