import type { Judgement } from '../../src/model/check.ts';
import { destinationOf, entryOf, methodFlag } from '../../src/model/ipvs-words.ts';
import type { LabSpec, ServiceSpec } from '../../src/model/spec.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { on } from '../common/remedy.ts';
import type { Hashed, Start } from './observing.ts';
import type { Choose, Server } from './oracle/server.ts';
import { refused } from './oracle/server.ts';
import { directorOf } from './stage.ts';

/** «rs3 rs2 rs1 …», at most 18 of them. */
export const show = (names: string[]): string =>
  names.length > 18 ? `${names.slice(0, 18).join(' ')} …` : names.join(' ');

/**
 * The servers as the lab means them: in the kernel's order and with its counts, but with the lab's weights, so that
 * a weight that differs in the table shows.
 */
export const meantServers = (service: ServiceSpec, { servers }: Start): Server[] =>
  servers.map((server) => ({
    ...server,
    weight: service.realServers.find(({ name }) => name === server.name)?.weight ?? 0,
  }));

interface Case {
  spec: LabSpec;
  service: ServiceSpec;
  start: Start;
  /** The servers as they should be, where the check itself changed a weight. Default: as the lab means them. */
  servers?: Server[];
}

/** What in the director's table explains a wrong choice, and the command that fixes it. */
export function whyWrong({ spec, service, start, servers = meantServers(service, start) }: Case) {
  const host = start.on ?? directorOf(spec);
  const edit = `ipvsadm -E ${entryOf(service)} -s ${service.scheduler}`;
  const flags = service.schedulerFlags?.join(',');
  if (start.scheduler !== service.scheduler)
    return {
      cause: `${host} schedules port ${service.port} with ${start.scheduler}, not with ${service.scheduler}`,
      remedy: on(host, `${edit}${flags ? ` -b ${flags}` : ''}`),
    };
  const odd = servers.find((server, i) => server.weight !== start.servers[i]?.weight);
  const weight = start.servers.find(({ name }) => name === odd?.name)?.weight;
  if (odd)
    return {
      cause: `${host} gives ${odd.name} the weight ${weight}, not ${odd.weight}`,
      remedy: on(
        host,
        `ipvsadm -e ${entryOf(service)} ${destinationOf(spec, service, odd.name)} ${methodFlag(service, odd.name)} -w ${odd.weight}`,
      ),
    };
  if (flags)
    return {
      cause: `${host} may lack the flag ${flags} on port ${service.port}`,
      remedy: on(host, `${edit} -b ${flags}`),
    };
  return {
    cause: `${host} chooses otherwise than Linux ip_vs_${service.scheduler}.c does, or other connections came between`,
    remedy: on(host, 'ipvsadm -Ln', 'ipvsadm -Lnc', edit),
  };
}

/** Nobody answered it and nobody refused it: of the scheduler that says nothing. */
export const isLost = (name: string, spec: LabSpec): boolean =>
  name !== refused && !spec.hosts.some((host) => host.name === name);

/** Connection by connection, against the sequence that the oracle gives; a lost one is no verdict. */
export function exactly(seen: string[], should: string[], where: Case): Judgement {
  const expected = `${where.service.scheduler}: ${show(should)}`;
  if (seen.length === 0) return inconclusive(expected, 'no connection was tried');
  const wrong = seen.findIndex((name, i) => name !== should[i]);
  if (wrong < 0) return pass(expected, `all ${seen.length} connections in just this order`);
  if (isLost(seen[wrong] ?? '', where.spec))
    return inconclusive(
      expected,
      `connection ${wrong + 1} of ${seen.length} was not answered (${seen[wrong]}): ${show(seen)}`,
    );
  return fail(
    expected,
    `connection ${wrong + 1} of ${seen.length} went to ${seen[wrong]}, not to ${should[wrong]}: ${show(seen)}`,
    whyWrong(where),
  );
}

/** Who should have got each of these connections. */
export const predicted = (
  choose: Choose,
  servers: readonly Server[],
  connections: readonly Hashed[],
  dstIp: string,
): string[] =>
  connections.map(
    ({ from, port }) => choose(servers, { srcIp: from, srcPort: port, dstIp })?.name ?? refused,
  );

/** Client by client, against the oracle. */
export function eachWhere(connections: Hashed[], choose: Choose, where: Case): Judgement {
  const { spec, service, start, servers = meantServers(service, start) } = where;
  const should = predicted(choose, servers, connections, service.vip);
  const expected = `each of ${connections.length} connections where ${service.scheduler} puts it: ${sharesOf(should)}`;
  if (connections.length === 0) return inconclusive(expected, 'no connection was tried');
  const lost = connections.filter(({ to }) => isLost(to, spec)).length;
  const wrong = connections.flatMap((one, i) =>
    one.to === should[i] || isLost(one.to, spec) ? [] : [{ ...one, should: should[i] }],
  );
  const [first] = wrong;
  if (!first && lost > 0)
    return inconclusive(expected, `${lost} of ${connections.length} connections were not answered`);
  if (!first) return pass(expected, `all ${connections.length} there`);
  return fail(
    expected,
    `${wrong.length} of ${connections.length} went elsewhere, first ${first.from} port ${first.port} to ${first.to}, not to ${first.should}; in all ${sharesOf(connections.map(({ to }) => to))}`,
    whyWrong(where),
  );
}

/** «rs1 12, rs2 20, rs3 32». */
export function sharesOf(names: string[]): string {
  return [...new Set(names)]
    .sort()
    .map((name) => `${name} ${names.filter((one) => one === name).length}`)
    .join(', ');
}

/** The first judgement that is no pass; else the last, with all that was seen. */
export function worst(...judgements: Judgement[]): Judgement {
  const bad =
    judgements.find(({ verdict }) => verdict === 'fail') ?? judgements.find((one) => one.verdict !== 'pass');
  const join = (key: 'expected' | 'seen') => judgements.map((one) => one[key]).join('; ');
  if (judgements.length === 0) return inconclusive('something to judge', 'nothing was observed');
  return bad ?? pass(join('expected'), join('seen'));
}
