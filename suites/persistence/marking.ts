import type { Observing } from '../../src/model/check.ts';
import type { Host } from '../../src/model/host.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec, ServiceSpec } from '../../src/model/spec.ts';
import { type Prober, proberOn } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { isTemplate } from '../../src/probe/ipvs-state.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { formatIpv4 } from '../../src/util/ipv4.ts';
import { withBorrowedAddresses } from '../common/borrowed.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { groupOf, ownGroup } from '../common/marked.ts';
import { onDirectors } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { clientAddresses } from '../common/stages.ts';
import { clientOf, list } from '../common/subjects.ts';
import { groupMark, nameOfRip, portOf, sceneAt, serversIn, tables } from '../common/tables.ts';

interface Grouped {
  /** Of the lab as written: its mark, and two of the ports. */
  own?: { mark: number; ports: [number, number] };
  clients: { cip: string; http: string[]; https: string[] }[];
  templates: { cip: string; server: string }[];
}

const perPort = 3;

const isKept = (service: ServiceSpec): boolean =>
  service.mark !== undefined &&
  service.persistenceS > 0 &&
  service.realServers.filter(({ weight }) => weight > 0).length > 1;

const markOf = (spec: LabSpec): number =>
  spec.stage === undefined ? (groupOf(spec, isKept, 2).service.mark ?? 0) : groupMark;
const httpsOf = (spec: LabSpec): number =>
  spec.stage === undefined ? (groupOf(spec, isKept, 2).ports[1] ?? 0) : portOf.https;

/** LVS-HOWTO, «persistence by firewall mark»: a shop whose basket is on http and whose checkout is on https. */
export const marksGroupPorts = functional<Grouped>({
  id: 'PST-08',
  suite: 'persistence',
  level: 'should',
  title: 'a persistent service on a firewall mark keeps http and https of a client together',
  requirement:
    'When packets for both ports carry the mark of one persistent service, a client reaches one real server on both.',
  source: 'ipvsadm(8) --fwmark-service; LVS-HOWTO, persistence',
  needs: ['ipvs', 'director', 'iptables', 'directClient', 'severalRealServers'],
  stage: tables,
  own: ownGroup('a persistent service by firewall mark with several ports', isKept, 2),
  mutants: [
    {
      id: 'not-persistent',
      breaks: 'the service on the mark was added without -p',
      change: onDirectors((spec) => `ipvsadm -E -f ${markOf(spec)} -s rr`),
      reason: /reached .* on (http|port \d+) and .* on (https|port \d+)/,
    },
    {
      id: 'https-unmarked',
      breaks: 'a later rule takes the mark off https',
      change: onDirectors(
        (spec) =>
          `iptables-legacy -t mangle -A PREROUTING -p tcp --dport ${httpsOf(spec)} -j MARK --set-mark 0`,
      ),
      reason: /reached .* on (http|port \d+) and .* on (https|port \d+)/,
    },
  ],
  async observe({ lab, evidence }) {
    if (lab.spec.stage === undefined) return ownGrouped({ lab, evidence });
    const { prober, director, service } = await sceneAt(lab, portOf.http);
    const rules = await ipvs.rules(director);
    if (!rules.some((rule) => rule.protocol === 'fwmark' && rule.vip === String(groupMark)))
      throw new CannotHere('the director cannot mark packets: iptables-legacy has no mangle table there');
    const clients = clientAddresses(lab.spec).slice(9, 12);
    const seen = await asked(prober, service.vip, [portOf.http, portOf.https], clients);
    await evidence.save('connections.txt', await ipvs.text(director));
    return { clients: seen, templates: await templatesOf(lab, director, groupMark, clients) };
  },
  judge({ own, clients, templates }, { spec }) {
    const [http, https] = own ? own.ports.map((port) => `port ${port}`) : ['http', 'https'];
    const mark = own?.mark ?? groupMark;
    const expected = `each of ${list(clients.map((one) => one.cip))} on one real server for both ports, with one template`;
    if (clients.every((one) => [...one.http, ...one.https].every((name) => name.startsWith('?'))))
      return inconclusive(expected, 'no connection was answered');
    const answering = (one: (typeof clients)[number]) =>
      [...one.http, ...one.https].filter((name) => !name.startsWith('?'));
    const apart = clients.find((one) => new Set(answering(one)).size > 1);
    if (apart)
      return fail(
        expected,
        `${apart.cip} reached ${list(apart.http)} on ${http} and ${list(apart.https)} on ${https}`,
        {
          cause: 'the service on the mark is not persistent, or one of the ports does not carry the mark',
          remedy: on(
            everyHost(spec, 'director'),
            `ipvsadm -E -f ${mark} -s rr -p 300`,
            'iptables-legacy -t mangle -S PREROUTING',
          ),
        },
      );
    const lost = clients.find((one) => answering(one).length < one.http.length + one.https.length);
    if (lost)
      return inconclusive(
        expected,
        `not every connection of ${lost.cip} was answered: ${list([...lost.http, ...lost.https])}`,
      );
    const kept = clients.filter(
      (one) =>
        templates.filter((template) => template.cip === one.cip).length === 1 &&
        templates.some((template) => template.cip === one.cip && template.server === one.http[0]),
    );
    const seen = `${clients.map((one) => `${one.cip} on ${list(one.http)}`).join(', ')}; ${templates.length} templates`;
    if (kept.length === clients.length) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'the director keeps no template for the mark',
      remedy: on(everyHost(spec, 'director'), `ipvsadm -E -f ${mark} -s rr -p 300`),
    });
  },
});

/** The first such service of the lab as written, and its first and last port. */
async function ownGrouped({ lab, evidence }: Pick<Observing, 'lab' | 'evidence'>): Promise<Grouped> {
  const { service, ports } = groupOf(lab.spec, isKept, 2);
  const [first = 0, last = 0] = ports;
  const director = lab.host(await activeDirector(lab, service.vip));
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  return withBorrowedAddresses(lab, 3, async (borrowed) => {
    const seen = await asked(prober, service.vip, [first, last], borrowed);
    await evidence.save('connections.txt', await ipvs.text(director));
    const mark = service.mark ?? 0;
    return {
      own: { mark, ports: [first, last] },
      clients: seen,
      templates: await templatesOf(lab, director, mark, borrowed),
    };
  });
}

async function asked(
  prober: Prober,
  vip: string,
  [first, last]: [number, number],
  clients: string[],
): Promise<Grouped['clients']> {
  const ask = async (port: number, cip: string): Promise<string[]> => {
    const how = { count: perPort, from: [cip], parallel: perPort };
    return serversIn(await prober.requests({ ip: vip, port }, how)).split(' and ');
  };
  const seen: Grouped['clients'] = [];
  for (const cip of clients) seen.push({ cip, http: await ask(first, cip), https: await ask(last, cip) });
  return seen;
}

async function templatesOf(
  { spec }: Lab,
  director: Host,
  mark: number,
  clients: string[],
): Promise<Grouped['templates']> {
  const table = await ipvs.connections(director);
  return table
    .filter(
      (row) =>
        isTemplate(row) && row.vip === formatIpv4(mark) && row.protocol === 'ip' && clients.includes(row.cip),
    )
    .map((row) => ({ cip: row.cip, server: nameOfRip(spec, row.rip) }));
}
