import type { Host } from '../../../src/model/host.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { ServiceSpec } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { clientOf, targetOf } from '../subjects.ts';

/** How often a host has dropped a packet because of its source (IPReversePathFilter of snmp_counter.rst); NaN where it does not count. */
export function reversePathDropsIn(netstat: string): number {
  const [heads, values] = netstat.split('\n').filter((line) => line.startsWith('TcpExt:'));
  const column = (heads ?? '').split(' ').indexOf('IPReversePathFilter');
  return Number((values ?? '').split(' ')[column]);
}

const reversePathDrops = async (host: Host): Promise<number> =>
  reversePathDropsIn((await host.exec('exec cat /proc/net/netstat')).stdout);

/** Of each of these real servers, how many packets its reverse path filter drops while the first client asks all of them twice. */
export async function droppedByReversePath(
  lab: Lab,
  service: ServiceSpec,
  names: string[],
): Promise<Map<string, number>> {
  const counters = () => Promise.all(names.map((name) => reversePathDrops(lab.host(name))));
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const before = await counters();
  const count = 2 * service.realServers.length;
  await prober.requests(targetOf(service), { count, parallel: count, timeoutMs: 800 });
  const after = await counters();
  return new Map(names.map((name, i) => [name, (after[i] ?? 0) - (before[i] ?? 0)]));
}
