import type { Facts, Judgement, Observing, Own } from '../../src/model/check.ts';
import { hasIpvs, isSetByHand } from '../../src/model/director-kinds.ts';
import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import { filesSay } from '../../src/model/files.ts';
import { entryOf } from '../../src/model/ipvs-words.ts';
import { hostsOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { segmentsOf } from '../../src/model/topology.ts';
import type { Answer } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { isTemplate } from '../../src/probe/ipvs-state.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { formatIpv4, parseIpv4 } from '../../src/util/ipv4.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { withBorrowedAddresses } from '../common/borrowed.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { clientAddresses } from '../common/stages.ts';
import { clientOf, count, list } from '../common/subjects.ts';
import { nameOfRip, portOf, sceneAt, serversIn, serviceAt, tables } from '../common/tables.ts';

/** Who served which client, and what the director remembers of it. */
interface Sticking {
  port: number;
  clients: string[];
  answers: { from: string; server?: string; error?: string }[];
  templates: ipvs.Connection[];
}

const rounds = 3;

/** A service of the lab as written that keeps clients together: each alone, or each network of them. */
const keeps =
  (isMasked: boolean) =>
  (service: ServiceSpec): boolean =>
    service.protocol === 'tcp' &&
    !isIpv6(service.vip) &&
    service.persistenceS > 0 &&
    isMasked === (service.persistenceMask !== undefined) &&
    service.realServers.filter(({ weight }) => weight > 0).length > 1;

export const ownSticking = (isMasked: boolean): Own => ({
  subject: `a persistent tcp service ${isMasked ? 'with' : 'without'} a mask`,
  has: (spec) => hasIpvs(spec.director.kind) && spec.services.some(keeps(isMasked)),
  needs: ['ipvs', 'director'],
  vantages: { clients: true, services: { protocol: 'tcp', fits: keeps(isMasked) } },
});

/** A real server of it is quiesced for a while, so nothing else may weigh it: `expire_quiescent_template` says what its clients do. */
export const ownQuiescing = (expires: boolean): Own => ({
  subject: `a persistent tcp service without health checks, and expire_quiescent_template=${expires ? 1 : 0}`,
  has: (spec) =>
    isSetByHand(spec.director.kind) &&
    spec.director.announce === undefined &&
    driverTraitsOf(spec).existingHosts === undefined &&
    !segmentsOf(spec).some(({ portSecurity }) => portSecurity) &&
    spec.services.some(keeps(false)) &&
    hostsOf(spec, 'director').every(
      (host) =>
        !filesSay(host, 'sysctls') &&
        ((host.sysctls['net.ipv4.vs.expire_quiescent_template'] ?? '0') !== '0') === expires,
    ),
  needs: ['ipvs', 'director', 'severalRealServers'],
  disturbs: true,
});

/** The service of the stage, or the first like it of the lab as written. */
export function stickyService(spec: LabSpec, port: number): ServiceSpec {
  if (spec.stage !== undefined) return serviceAt(spec, port);
  const own = spec.services.find(keeps(port === portOf.masked));
  if (!own) throw new NotInLab(`lab «${spec.name}» has no persistent service`);
  return own;
}

/** Asks from so many addresses: of the client that the stage gave them, else from borrowed ones and its own. */
const sticking = (on: Observing, port: number, addresses: number): Promise<Sticking> => {
  const { lab } = on;
  if (lab.spec.stage !== undefined)
    return stickingOf(on, port, clientAddresses(lab.spec).slice(0, addresses));
  const own = clientOf(lab.spec).ip;
  return withBorrowedAddresses(lab, addresses - 1, (borrowed) =>
    stickingOf(on, stickyService(lab.spec, port).port, [...new Set([own, ...borrowed])]),
  );
};

async function stickingOf({ lab, evidence }: Observing, port: number, clients: string[]): Promise<Sticking> {
  const { prober, target, director, entries } = await sceneAt(lab, port);
  // Client by client: in turns, rr could give every client its own real server by chance.
  const order = clients.flatMap((cip) => Array.from({ length: rounds }, () => cip));
  const answers = await prober.requests(target, { count: order.length, from: order, parallel: 4 });
  const templates = (await entries()).filter(isTemplate);
  await evidence.save('connections.txt', await ipvs.text(director));
  return { port, clients, answers: answers.map((answer, i) => from(answer, order, i)), templates };
}

const from = ({ server, error }: Answer, order: string[], i: number): Sticking['answers'][number] => ({
  from: order[i] ?? '',
  ...(server !== undefined && { server }),
  ...(error !== undefined && { error }),
});

/** Clients of one group go to one real server, and one template says so. */
function judgeSticking(
  { port, clients, answers, templates }: Sticking,
  { spec }: Facts,
  service: ServiceSpec,
): Judgement {
  const { scheduler, persistenceS, persistenceMask } = service;
  const groupOf = (cip: string): string => networkOf(cip, persistenceMask);
  const flags = `-s ${scheduler} -p ${persistenceS}${persistenceMask === undefined ? '' : ` -M ${persistenceMask}`}`;
  const remedy = on(everyHost(spec, 'director'), `ipvsadm -E ${entryOf(service)} ${flags}`);
  const groups = [...new Set(clients.map(groupOf))];
  const expected = `${count(groups.length, 'group')} of clients, each on one real server, each with one ASSURED template`;
  if (answers.every((answer) => answer.server === undefined))
    return inconclusive(expected, `no connection was answered: ${serversIn(answers)}`);
  const servedBy = groups.map((group) => {
    const own = answers.filter((answer) => groupOf(answer.from) === group);
    return { group, n: own.length, servers: new Set(own.flatMap((one) => one.server ?? [])) };
  });
  const apart = servedBy.find((one) => one.servers.size > 1);
  if (apart)
    return fail(
      expected,
      `${count(apart.n, 'connection')} of ${apart.group} reached ${list(apart.servers)}`,
      {
        cause: `the service on port ${port} does not keep clients of ${apart.group} together: not persistent, or with another mask`,
        remedy,
      },
    );
  if (answers.some((answer) => answer.server === undefined))
    return inconclusive(expected, `not every connection was answered: ${serversIn(answers)}`);
  for (const { group, servers } of servedBy) {
    const kept = templates.filter((template) => template.cip === group);
    const [template] = kept;
    const good =
      kept.length === 1 && template?.state === 'ASSURED' && servers.has(nameOfRip(spec, template.rip));
    const had = list(kept.map((one) => `${nameOfRip(spec, one.rip)} ${one.state}`));
    if (!good)
      return fail(expected, `${group} is on ${list(servers)}, with ${kept.length} templates (${had})`, {
        cause: 'the director keeps no template for this client',
        remedy,
      });
  }
  const said = servedBy.map(({ group, servers }) => `${group} on ${list(servers)}`);
  return pass(expected, `${said.join(', ')}; ${count(templates.length, 'template')}`);
}

/** As the stage means it, whatever a mutant made of it. */
const meantBy = (spec: LabSpec, port: number, stage: Partial<ServiceSpec>): ServiceSpec =>
  spec.stage === undefined
    ? stickyService(spec, port)
    : { ...serviceAt(spec, port), persistenceS: 300, ...stage };

/** Mutant: the service is edited by hand, and an option is forgotten. */
const forgetsClients = (port: number, options: string) =>
  onDirectors((spec) => `ipvsadm -E ${entryOf(stickyService(spec, port))} -s rr${options}`);

/** ipvsadm(8): «multiple requests from a client are redirected to the same real server». */
export const clientsStick = functional<Sticking>({
  id: 'PST-01',
  suite: 'persistence',
  level: 'must',
  title: 'a persistent service keeps each client on one real server',
  requirement:
    'With -p all connections of one client address go to one real server, and one template, CIP:0 to VIP:port, says which.',
  source: 'ipvsadm(8) --persistent; Linux ip_vs_sched_persist()',
  needs: ['ipvs', 'director', 'directClient', 'severalRealServers'],
  stage: tables,
  own: ownSticking(false),
  mutants: [
    {
      id: 'not-persistent',
      breaks: 'the service was added without -p',
      change: forgetsClients(portOf.persistent, ''),
      reason: /connections of .* reached \S.* and \S+/,
    },
  ],
  observe: (on) => sticking(on, portOf.persistent, 3),
  judge: (seen, facts) => judgeSticking(seen, facts, meantBy(facts.spec, portOf.persistent, {})),
});

/** The client address as a template has it. */
const networkOf = (cip: string, mask = '255.255.255.255'): string =>
  formatIpv4(((parseIpv4(cip) ?? 0) & (parseIpv4(mask) ?? 0)) >>> 0);

/** ipvsadm(8) --netmask: «the granularity with which clients are grouped». */
export const networksStick = functional<Sticking>({
  id: 'PST-02',
  suite: 'persistence',
  level: 'must',
  title: 'with a mask all clients of one network share a real server',
  requirement:
    'With -M 255.255.255.0 clients of one /24 go to one real server, and their one template has the address of the network.',
  source: 'ipvsadm(8) --netmask; Linux ip_vs_sched_persist()',
  needs: ['ipvs', 'director', 'directClient', 'severalRealServers'],
  stage: tables,
  own: ownSticking(true),
  mutants: [
    {
      id: 'host-mask',
      breaks: 'the mask was left out: every client is a network of its own',
      change: forgetsClients(portOf.masked, ' -p 300'),
      reason: /connections of .*\.0 reached \S.* and \S+/,
    },
  ],
  // The first address is the CIP, which is in another /24 than those from the top of the network.
  observe: (on) => sticking(on, portOf.masked, 4),
  judge: (seen, facts) =>
    judgeSticking(seen, facts, meantBy(facts.spec, portOf.masked, { persistenceMask: '255.255.255.0' })),
});
