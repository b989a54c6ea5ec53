import type { HostLoad } from './resources.ts';

/** Which part was at its limit, and by which sign. */
export interface Saturated {
  /** `shared CPU`: the CPUs were full, and client, director and real servers run on the same ones. */
  part: 'generator' | 'director' | 'real server' | 'shared CPU' | 'nothing';
  /** A clause. */
  why: string;
}

/** From here on a CPU has nothing left to give. */
const full = 0.95;
/** A generator measures itself before its CPU is quite full. */
const generatorFull = 0.9;

/**
 * Pure. A generator is told by its own CPU time. Directors and real servers are told by their CPUs, which works only
 * where they have CPUs of their own: on one kernel all hosts share them.
 * @param ownCpu share of one CPU that the generator took
 */
export function saturatedPart(hosts: readonly HostLoad[], ownCpu?: number): Saturated {
  if (ownCpu !== undefined && ownCpu >= generatorFull)
    return { part: 'generator', why: `it took ${percent(ownCpu)} of a CPU` };
  const clients = new Set(hosts.filter(({ role }) => role === 'client').map(({ kernel }) => kernel));
  const roles = { director: 'director', realServer: 'real server', client: 'generator' } as const;
  for (const role of ['director', 'realServer', 'client'] as const) {
    const host = hosts.filter((one) => one.role === role).find(isFull);
    if (!host) continue;
    const sharing = new Set(hosts.filter(({ kernel }) => kernel === host.kernel).map((one) => one.role));
    if (sharing.size === 1)
      return { part: roles[role], why: `every CPU of ${host.host} was at least ${percent(full)} busy` };
    const cpus = `${host.cpus.length} CPU${host.cpus.length === 1 ? '' : 's'}`;
    const who = clients.has(host.kernel) ? 'client, director and real servers' : 'director and real servers';
    return { part: 'shared CPU', why: `${who} share ${cpus}, all at least ${percent(full)} busy` };
  }
  const busiest = Math.max(0, ...hosts.flatMap(({ cpus }) => mean(cpus.map(({ busy }) => busy))));
  return { part: 'nothing', why: `no host's CPUs were more than ${percent(busiest)} busy` };
}

const isFull = ({ cpus }: HostLoad): boolean => cpus.length > 0 && cpus.every(({ busy }) => busy >= full);
const mean = (values: number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
const percent = (share: number): string => `${Math.round(100 * share)} %`;
