import type { Host } from '../../../src/model/host.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { markRulesFor } from '../../../src/model/marks.ts';
import type { LabSpec, ServiceSpec } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { formatIpv4 } from '../../../src/util/ipv4.ts';
import { withBorrowedAddresses } from '../../common/borrowed.ts';
import { functional } from '../../common/coassert.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { groupOf, ownGroup } from '../../common/marked.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { clientAddresses } from '../../common/stages.ts';
import { clientOf, list, realServersOf, serviceOf } from '../../common/subjects.ts';
import { ports, variety } from '../staged.ts';
import { addService, unmarked, withMarks, withRules } from './rules.ts';

interface Marked {
  director: string;
  /** Of the lab as written: how its service is known, and whether it is persistent. */
  own?: { mark: number; persistent: boolean };
  connections: { from: string; port: number; server?: string; error?: string }[];
  /** Persistence templates of the mark: `IP CIP 0.0.0.MARK:0`. */
  templates: string[];
}

const isMarked = ({ mark }: ServiceSpec): boolean => mark !== undefined;

const groupMark = 20;
const groupPorts = [ports.web, ports.mapped] as const;

/**
 * LVS-HOWTO, fwmark; Linux ip_vs_svc_fwm_get(). A template of a mark is listed as `IP CIP:0 0.0.0.MARK:0`. Packets of
 * the service still have to be local to the director.
 */
export const markGroupsPorts = functional<Marked>({
  id: 'PP-20',
  suite: 'path',
  level: 'must',
  title: 'a service by firewall mark balances several ports as one',
  requirement:
    'With a persistent service on a mark all marked ports of one client go to one real server, and clients are spread.',
  source: 'ipvsadm(8) -f; Linux ip_vs_service_find(), ip_vs_sched_persist()',
  needs: ['ipvs', 'director', 'settableDirector', 'iptables', 'directClient', 'severalRealServers'],
  stage: variety,
  own: ownGroup('a service by firewall mark', isMarked, 1),
  mutants: [
    {
      id: 'one-port-unmarked',
      breaks: `only port ${ports.web} is marked`,
      change: onDirectors((spec) => (spec.stage === undefined ? stripped(spec) : unmarked(ports.mapped))),
      reason: /port \d+: refused.*not marked/,
    },
  ],
  async observe({ lab }) {
    if (lab.spec.stage === undefined) return ownMarked(lab);
    const service = serviceOf(lab.spec, 'tcp');
    const name = await activeDirector(lab, service.vip);
    const director = lab.host(name);
    const servers = realServersOf(lab.spec, service).map((server) => server.ip);
    const setUp = [
      ...groupPorts.map((port) => `-D -t ${service.vip}:${port}`),
      ...addService(`-f ${groupMark}`, '-s rr -p 60', servers),
    ];
    const marks = { vip: service.vip, ports: groupPorts, value: groupMark };
    return withMarks(director, marks, () =>
      withRules(director, setUp, async () => {
        const connections = await asked(lab, service.vip, groupPorts, clientAddresses(lab.spec));
        return { director: name, connections, templates: await templatesOf(director, groupMark) };
      }),
    );
  },
  judge({ director, own, connections, templates }, { spec }) {
    const clients = [...new Set(connections.map((one) => one.from))];
    const named = list([...new Set(connections.map(({ port }) => port))].map(String));
    const isSticky = own?.persistent !== false;
    const expected = isSticky
      ? `ports ${named} of each of ${clients.length} clients at one real server, clients at several; one template each`
      : `every connection to ports ${named} answered`;
    if (connections.length === 0) return inconclusive(expected, 'no connection was tried');
    const bad = connections.filter((one) => one.server === undefined);
    if (bad.length > 0)
      return fail(expected, list(bad.map((one) => `port ${one.port}: ${one.error}`)), {
        cause: `packets to port ${list(bad.map((one) => String(one.port)))} are not marked on ${director}, so that no service takes them`,
        remedy: [
          ...on(director, 'iptables-legacy -t mangle -S PREROUTING'),
          ...(own ? on(director, ...missingMarks(spec, own.mark, bad)) : []),
          ...advice('mark every port of the group'),
        ],
      });
    const perClient = clients.map((from) =>
      list(connections.filter((one) => one.from === from).map((one) => one.server ?? '')),
    );
    const seen = `${clients.map((from, i) => `${from}: ${perClient[i]}`).join('; ')}; ${templates.length} templates`;
    if (!isSticky) return pass(expected, seen);
    const together = perClient.every((servers) => !servers.includes(' '));
    const isSpread = own !== undefined || new Set(perClient).size > 1;
    if (together && isSpread && templates.length === clients.length) return pass(expected, seen);
    return fail(expected, seen, {
      cause: together
        ? `${director} does not spread clients over real servers, or keeps no template for the mark`
        : `the service for the mark on ${director} is not persistent`,
      remedy: on(director, `ipvsadm -E -f ${own?.mark ?? groupMark} -s rr -p 60`),
    });
  },
});

/** One after the other, so that each connection finds what those before it left. */
async function asked(
  lab: Lab,
  vip: string,
  group: readonly number[],
  clients: string[],
): Promise<Marked['connections']> {
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const connections: Marked['connections'] = [];
  for (const from of clients)
    for (const port of [...group, ...group]) {
      const [one] = await prober.requests({ ip: vip, port }, { count: 1, from: [from], timeoutMs: 1_000 });
      connections.push({
        from,
        port,
        ...(one?.server && { server: one.server }),
        ...(one?.error && { error: one.error }),
      });
    }
  return connections;
}

/** @param clients only theirs; missing: all. */
async function templatesOf(director: Host, mark: number, clients?: string[]): Promise<string[]> {
  const table = await ipvs.connections(director);
  return table
    .filter(
      ({ protocol, vip, cip }) =>
        protocol === 'ip' && vip === formatIpv4(mark) && (clients?.includes(cip) ?? true),
    )
    .map((one) => `${one.cip} ${one.vip}:${one.vport}`);
}

/** The first service by mark of the lab as written. */
async function ownMarked(lab: Lab): Promise<Marked> {
  const { service, ports: group } = groupOf(lab.spec, isMarked, 4);
  const name = await activeDirector(lab, service.vip);
  const { mark = 0, persistenceS } = service;
  return withBorrowedAddresses(lab, 3, async (borrowed) => {
    const clients = [...new Set([clientOf(lab.spec).ip, ...borrowed])];
    const connections = await asked(lab, service.vip, group, clients);
    const templates = await templatesOf(lab.host(name), mark, clients);
    return { director: name, own: { mark, persistent: persistenceS > 0 }, connections, templates };
  });
}

/** The rules that drlab sets for these ports, to be set again. */
function missingMarks(spec: LabSpec, mark: number, bad: Marked['connections']): string[] {
  const unmarked = spec.services.filter(
    (one) => one.mark === mark && bad.some(({ port }) => port === one.port),
  );
  const rules = unmarked.flatMap((one) => markRulesFor(spec, one));
  return [...new Set(rules.map(({ program, rule }) => `${program} -t mangle ${rule}`))];
}

/** Mutant: a later rule takes the mark off the last port of the group. */
const stripped = (spec: LabSpec): string => {
  const { ports: group } = groupOf(spec, isMarked, 2);
  return `iptables-legacy -t mangle -A PREROUTING -p tcp --dport ${group.at(-1)} -j MARK --set-mark 0`;
};

interface Precedence {
  director: string;
  /** The only real server of the service on the mark. */
  behindMark: string;
  servers: string[];
}

const firstMark = 21;

/** Linux ip_vs_ctl.c, ip_vs_service_find(): «Check the table hashed by fwmark first». */
export const markComesFirst = functional<Precedence>({
  id: 'PP-21',
  suite: 'path',
  level: 'should',
  title: 'a service by firewall mark comes before one by address and port',
  requirement:
    'A marked packet goes to the service of its mark, also where a service has its address and port.',
  source: 'Linux ip_vs_service_find()',
  needs: ['ipvs', 'director', 'settableDirector', 'iptables', 'severalRealServers'],
  stage: variety,
  mutants: [
    {
      id: 'mark-cleared',
      breaks: 'an earlier rule leaves the packets unmarked',
      change: onDirectors(() => unmarked(ports.web)),
      reason: /packets .* carry no mark/,
    },
  ],
  async observe({ lab }) {
    const service = serviceOf(lab.spec, 'tcp');
    const name = await activeDirector(lab, service.vip);
    const director = lab.host(name);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const only = realServersOf(lab.spec, service).at(-1);
    const setUp = addService(`-f ${firstMark}`, '-s rr', [only?.ip ?? '']);
    const marks = { vip: service.vip, ports: [ports.web], value: firstMark };
    return withMarks(director, marks, () =>
      withRules(director, setUp, async () => {
        const target = { ip: service.vip, port: ports.web };
        const answers = await prober.requests(target, { count: 2 * service.realServers.length });
        const servers = answers.map((answer) => answer.server ?? answer.error ?? '');
        return { director: name, behindMark: only?.name ?? '', servers };
      }),
    );
  },
  judge({ director, behindMark, servers }, { spec }) {
    const expected = `${servers.length} marked connections to ${behindMark}, the only real server behind the mark`;
    if (servers.length === 0) return inconclusive(expected, 'no connection was tried');
    const there = servers.filter((server) => server === behindMark).length;
    const seen = `${there} of ${servers.length} went there; answers of ${list(servers)}`;
    if (there === servers.length) return pass(expected, seen);
    const elsewhere = servers.filter(
      (one) => one !== behindMark && spec.hosts.some(({ name }) => name === one),
    );
    if (elsewhere.length === 0) return inconclusive(expected, `not every connection was answered; ${seen}`);
    return fail(expected, seen, {
      cause: `packets on ${director} carry no mark when IPVS looks, and go to the service of their port`,
      remedy: [
        ...on(director, 'iptables-legacy -t mangle -S PREROUTING'),
        ...advice('mark in PREROUTING, before anything accepts'),
      ],
    });
  },
});
