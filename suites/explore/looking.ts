import type { Look, Observation } from '../../src/model/exploration.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostSpec, hostsOf, type ServiceSpec, vipsOf } from '../../src/model/spec.ts';
import { isOnLan } from '../../src/model/topology.ts';
import { ProbeFailed } from '../../src/probe/errors.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { holdersOf, neighbour } from '../../src/probe/neighbour.ts';

/** Who has the VIPs, and which real servers each director would send a new connection to. */
export async function lookAt(lab: Lab, service: ServiceSpec): Promise<Pick<Look, 'holders' | 'tables'>> {
  const holders: Look['holders'] = {};
  for (const vip of vipsOf(lab.spec)) holders[vip] = await holdersOf(lab, vip);
  const tables: Look['tables'] = {};
  for (const { name } of hostsOf(lab.spec, 'director')) tables[name] = await usableOn(lab, name, service);
  return { holders, tables };
}

async function usableOn(lab: Lab, director: string, service: ServiceSpec): Promise<string[]> {
  try {
    const { servers } = await ipvs.table(lab.host(director), service);
    return servers.filter(({ weight }) => weight > 0).map(({ ip }) => nameOfRip(lab, ip));
  } catch (error) {
    // A director whose daemon has left has no such service.
    if (error instanceof ProbeFailed) return [];
    throw error;
  }
}

const nameOfRip = (lab: Lab, rip: string): string => lab.spec.hosts.find(({ ip }) => ip === rip)?.name ?? rip;

/** What is left when everything has been fixed. */
export async function finalState(lab: Lab): Promise<Observation['final']> {
  const { spec } = lab;
  const vips = vipsOf(spec);
  const directors = hostsOf(spec, 'director');
  const requesters = spec.hosts.filter(
    (host) => host.role === 'router' || (host.role === 'client' && isOnLan(spec, host)),
  );
  const neighbours: Observation['final']['neighbours'] = [];
  for (const { name: host } of requesters)
    for (const vip of vips) {
      const entry = await neighbour(lab.host(host), vip);
      neighbours.push({ host, vip, mac: entry?.mac ?? null });
    }
  const rules: Observation['final']['rules'] = {};
  for (const { name } of directors) rules[name] = rulesText(await ipvs.rules(lab.host(name)));
  const macs: Observation['final']['macs'] = {};
  for (const vip of vips)
    macs[vip] = Object.fromEntries(directors.map(({ name }) => [name, macOf(lab, name, vip)]));
  return { neighbours, rules, macs };
}

/** One line for each real server of each service; the order of the kernel says nothing. */
const rulesText = (rules: Awaited<ReturnType<typeof ipvs.rules>>): string[] =>
  rules
    .flatMap(({ realServers, ...service }) => {
      const { protocol, vip, port, scheduler, persistenceS, onePacket } = service;
      const head = `${protocol} ${vip}:${port} ${scheduler}${persistenceS > 0 ? ` persistent ${persistenceS} s` : ''}${onePacket ? ' one packet' : ''}`;
      const servers = realServers.map(
        ({ ip, port: at, forward, weight }) => `${head} -> ${ip}:${at} ${forward} weight ${weight}`,
      );
      return [head, ...servers];
    })
    .sort();

/** RFC 9568 §7.3: a virtual router may have a MAC address of its own. */
function macOf({ spec }: Lab, director: string, vip: string): string {
  const { vrrp } = spec.director;
  if (!vrrp?.virtualMac) return hostSpec(spec, director).mac;
  const id = vrrp.instances?.find(({ vips }) => vips.includes(vip))?.virtualRouterId ?? vrrp.virtualRouterId;
  return `00:00:5e:00:01:${id.toString(16).padStart(2, '0')}`;
}
