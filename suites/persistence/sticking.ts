import type { Facts, Judgement, Observing } from '../../src/model/check.ts';
import type { Answer } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { isTemplate } from '../../src/probe/ipvs-state.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { everyHost, on } from '../common/remedy.ts';
import { clientAddresses } from '../common/stages.ts';
import { count, list } from '../common/subjects.ts';
import {
  flagOf,
  nameOfRip,
  onService,
  portOf,
  sceneAt,
  serversIn,
  serviceAt,
  tables,
} from '../common/tables.ts';

/** Who served which client, and what the director remembers of it. */
interface Sticking {
  port: number;
  clients: string[];
  answers: { from: string; server?: string; error?: string }[];
  templates: ipvs.Connection[];
}

const rounds = 3;

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

/** Clients of one group go to one real server, and one template says so. `groupOf`: the client address as the template has it. */
function judgeSticking(
  { port, clients, answers, templates }: Sticking,
  { spec }: Facts,
  groupOf: (cip: string) => string,
  flags: string,
): Judgement {
  const remedy = on(everyHost(spec, 'director'), `ipvsadm -E ${flagOf(serviceAt(spec, port))} ${flags}`);
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
  mutants: [
    {
      id: 'not-persistent',
      breaks: 'the service was added without -p',
      change: onService(portOf.persistent, { persistenceS: 0 }),
      reason: /connections of .* reached rs.* and rs/,
    },
  ],
  observe: (on) => stickingOf(on, portOf.persistent, clientAddresses(on.lab.spec).slice(0, 3)),
  judge: (seen, facts) => judgeSticking(seen, facts, (cip) => cip, '-s rr -p 300'),
});

const network24 = (cip: string): string => cip.replace(/\d+$/, '0');

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
  mutants: [
    {
      id: 'host-mask',
      breaks: 'the mask was left out: every client is a network of its own',
      change: (spec) => onService(portOf.masked, { persistenceMask: '255.255.255.255' })(spec),
      reason: /connections of .*\.0 reached rs.* and rs/,
    },
  ],
  // The first address is the CIP, which is in another /24 than those from the top of the network.
  observe: (on) => stickingOf(on, portOf.masked, clientAddresses(on.lab.spec).slice(0, 4)),
  judge: (seen, facts) => judgeSticking(seen, facts, network24, '-s rr -p 300 -M 255.255.255.0'),
});
