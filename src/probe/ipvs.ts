import type { Host } from '../model/host.ts';
import { entryOf, type Known } from '../model/ipvs-words.ts';
import {
  type Connection,
  type Counters,
  parseConnections,
  parseCounters,
  parseRules,
  type Rule,
} from './ipvs-parse.ts';
import { parseTable, type Table } from './ipvs-service.ts';
import { procNet } from './proc-net.ts';

export type { Connection, Counters, Rule, RuleServer } from './ipvs-parse.ts';
export type { Table } from './ipvs-service.ts';

/**
 * The connection table of IPVS in the host's network namespace.
 * @throws {CommandFailed} when that kernel has no IPVS.
 */
export async function connections(host: Host): Promise<Connection[]> {
  return parseConnections(await procNet(host, 'ip_vs_conn'));
}

/**
 * Counters over all services since IPVS started there. The per-CPU file, since the others are
 * refreshed by a timer only every 2 s.
 */
export async function counters(host: Host): Promise<Counters> {
  return parseCounters(await procNet(host, 'ip_vs_stats_percpu'));
}

/** The virtual services and their real servers, as the kernel has them now. */
export async function rules(host: Host): Promise<Rule[]> {
  return parseRules((await host.exec('exec ipvsadm -Sn')).stdout);
}

/** RIPs of one service in the order in which rr walks over them: the one added last comes first. */
export const order = async (host: Host, service: Known): Promise<string[]> =>
  (await table(host, service)).servers.map(({ ip }) => ip);

/** The rule is that of the service. */
export const isOf = (rule: Rule, service: Known): boolean =>
  rule.protocol === 'fwmark'
    ? entryOf(service) === `-f ${rule.vip}`
    : service.mark === undefined &&
      rule.protocol === service.protocol &&
      rule.vip === service.vip &&
      rule.port === (service.allPorts ? 0 : service.port);

/**
 * One service as the kernel has it, with what its schedulers count.
 * @throws {ProbeFailed} when there is no such service.
 */
export async function table(host: Host, service: Known): Promise<Table> {
  return parseTable(await procNet(host, 'ip_vs'), service);
}

/** Several services at one moment, as `table` has them. */
export async function tables(host: Host, services: Known[]): Promise<Table[]> {
  const text = await procNet(host, 'ip_vs');
  return services.map((service) => parseTable(text, service));
}

/** Everything that IPVS shows, for evidence, in one round trip. */
export async function text(host: Host): Promise<string> {
  const script = ['ipvsadm -Ln', 'ipvsadm -Ln --stats', 'cat /proc/net/ip_vs_stats_percpu', 'ipvsadm -Lnc']
    .map((command) => `echo '# ${command}'; ${command}; echo`)
    .join('\n');
  const { stdout, stderr } = await host.exec(`exec 2>&1\n${script}`);
  return stdout + stderr;
}
