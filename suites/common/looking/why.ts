import { forwardOf } from '../../../src/model/forwarding.ts';
import { destinationOf, entryOf, entryWords, methodFlag, portOn } from '../../../src/model/ipvs-words.ts';
import {
  addressBeside,
  healthCheckOf,
  hostSpec,
  type LabSpec,
  type ServiceSpec,
} from '../../../src/model/spec.ts';
import { endpoint, isIpv6 } from '../../../src/util/ipv6.ts';
import { advice, filtersOn, on, toTellApart } from '../remedy.ts';
import { list } from '../subjects.ts';
import type { Look, LookedAt, Why } from './look.ts';
import { onServer } from './on-server.ts';

export interface ServerWhy extends Why {
  server: string;
}

const methods = { dr: 'DR (Route)', tun: 'TUN (Tunnel)', nat: 'NAT (Masq)' } as const;

/** Of each real server the first thing that was seen to be wrong, from the director's table on; none for a sound one. */
export function whys(spec: LabSpec, service: ServiceSpec, look: Look): ServerWhy[] {
  return look.servers.flatMap((one) => {
    const why =
      takenOut(spec, service, look, one) ??
      inTable(spec, service, look, one.server) ??
      onServer(spec, service, one);
    return why ? [{ server: one.server, ...why }] : [];
  });
}

/** Not in the table, as its health checks demand of a real server that does not serve. */
function takenOut(spec: LabSpec, service: ServiceSpec, { director }: Look, one: LookedAt): Why | undefined {
  const rip = addressBeside(hostSpec(spec, one.server), service.vip);
  if (!director?.rule || director.rule.realServers.some(({ ip }) => ip === rip)) return undefined;
  const why = healthCheckOf(spec, service) && onServer(spec, service, one);
  return why && { ...why, cause: `${why.cause}; so ${director.name} has taken it out of its table` };
}

/** What the director does with packets for this real server, by its own table and its neighbour entries. */
export function inTable(
  spec: LabSpec,
  service: ServiceSpec,
  { director }: Pick<Look, 'director'>,
  server: string,
): Why | undefined {
  if (!director?.rule) return undefined;
  const { name, rule, unresolved } = director;
  const rip = addressBeside(hostSpec(spec, server), service.vip);
  const meant = service.realServers.find((one) => one.name === server);
  const row = rule.realServers.find(({ ip }) => ip === rip);
  const where = `${entryOf(service)} -r ${endpoint(rip, row?.port ?? portOn(service, server))}`;
  if (!row)
    return {
      cause: `${server} is not in the table of ${name} for ${entryWords(service)}`,
      remedy: on(name, `ipvsadm -a ${where} ${methodFlag(service, server)} -w ${meant?.weight ?? 1}`),
    };
  const method = otherMethod(spec, service, { director }, server);
  if (method) return method;
  if (row.weight === 0 && (meant?.weight ?? 0) > 0)
    return {
      cause: `${server} has weight 0 in the table of ${name} for ${entryWords(service)}`,
      remedy: on(name, `ipvsadm -e ${where} ${methodFlag(service, server)} -w ${meant?.weight}`),
    };
  if (unresolved.includes(server))
    return {
      cause: `${name} gets no ${isIpv6(rip) ? 'neighbour advertisement' : 'ARP answer'} for ${rip}: ${server} is down, off the segment, or silenced`,
      remedy: [
        ...on(name, `ip neigh show to ${rip}`),
        ...(isIpv6(rip) ? on(server, `ip -6 addr show to ${rip}`) : advice('see ARP-06')),
      ],
    };
  return undefined;
}

/** Another forwarding method than the lab's, by the director's table. */
export function otherMethod(
  spec: LabSpec,
  service: ServiceSpec,
  { director }: Pick<Look, 'director'>,
  server: string,
): Why | undefined {
  const rip = addressBeside(hostSpec(spec, server), service.vip);
  const row = director?.rule?.realServers.find(({ ip }) => ip === rip);
  if (!director || !row || row.forward === forwardOf(service, server)) return undefined;
  return {
    cause: `${director.name} forwards to ${server} by ${methods[row.forward]}, by its table`,
    remedy: on(
      director.name,
      `ipvsadm -e ${entryOf(service)} -r ${endpoint(rip, row.port)} ${methodFlag(service, server)} -w ${row.weight}`,
    ),
  };
}

/** The table of the director does not have it at all. */
function unknownService(spec: LabSpec, service: ServiceSpec, { director }: Look): Why | undefined {
  if (director?.rule !== null) return undefined;
  const added = service.realServers.map(
    ({ name, weight }) =>
      `ipvsadm -a ${entryOf(service)} ${destinationOf(spec, service, name)} ${methodFlag(service, name)} -w ${weight}`,
  );
  return {
    cause: `the table of ${director.name} has no service ${service.mark === undefined ? `${service.protocol} ` : ''}${entryWords(service)}`,
    remedy: on(director.name, `ipvsadm -A ${entryOf(service)} -s ${service.scheduler}`, ...added),
  };
}

/** Its packets belong to no service there, and the director takes them for its own. */
function unmarked({ vip, port, mark }: ServiceSpec, { director }: Look): Why | undefined {
  if (!director?.unmarked) return undefined;
  return {
    cause: `packets to ${vip}:${port} do not get the mark ${mark} on ${director.name}, so that no service takes them`,
    remedy: on(director.name, ...director.unmarked),
  };
}

/**
 * What was seen to be wrong: with the service as a whole, else with suspects, else with other real servers.
 * @param suspects real servers that never answered, if any
 */
export function whySeen(
  spec: LabSpec,
  service: ServiceSpec,
  look: Look,
  suspects: string[],
): Why | undefined {
  const whole = unknownService(spec, service, look) ?? unmarked(service, look);
  if (whole) return whole;
  const found = whys(spec, service, look);
  const own = found.filter(({ server }) => suspects.includes(server));
  const named = own.length > 0 ? own : found;
  if (named.length === 0) return undefined;
  return {
    cause: named.map(({ cause }) => cause).join('; '),
    remedy: named.flatMap(({ remedy }) => remedy),
  };
}

/**
 * Why connections were not answered: what was seen to be wrong; else what it can be.
 * @param suspects real servers that never answered, if any
 */
export function whyUnanswered(spec: LabSpec, service: ServiceSpec, look: Look, suspects: string[]): Why {
  const seen = whySeen(spec, service, look, suspects);
  if (seen) return seen;
  const hosts = suspects.length > 0 ? suspects : service.realServers.map(({ name }) => name);
  const who = list(hosts);
  const isTunnelled = hosts.some((name) => forwardOf(service, name) === 'tun');
  const serving = look.servers.filter((one) => suspects.includes(one.server) && one.local === '200');
  const own200 =
    serving.length > 0
      ? `${list(serving.map(({ server }) => server))} has the VIP and answers on it locally: `
      : '';
  return {
    cause: `${own200}packets are lost on the way from ${look.director?.name ?? 'the director'} to ${who}, or answers on the way back: a filter or a queue on ${who} or on the segment, or a limit of connections${isTunnelled ? `, or ${who} does not unwrap them: tunl0 is down, or its rp_filter drops them` : ''}`,
    remedy: toTellApart(
      on(
        hosts,
        'iptables -vnL',
        'nft list ruleset',
        filtersOn(spec, 'ingress'),
        'tc -s qdisc show',
        'nstat -az TcpExtListenDrops',
        `timeout 10 tcpdump -nni any host ${service.vip}`,
        ...(isTunnelled ? ['ip -s link show dev tunl0', 'sysctl -a -r rp_filter'] : []),
      ),
    ),
  };
}
