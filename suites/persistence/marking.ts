import * as ipvs from '../../src/probe/ipvs.ts';
import { isTemplate } from '../../src/probe/ipvs-state.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { clientAddresses } from '../common/stages.ts';
import { list } from '../common/subjects.ts';
import { groupMark, nameOfRip, portOf, sceneAt, serversIn, tables } from '../common/tables.ts';

interface Grouped {
  clients: { cip: string; http: string[]; https: string[] }[];
  templates: { cip: string; server: string }[];
}

const perPort = 3;

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
  mutants: [
    {
      id: 'not-persistent',
      breaks: 'the service on the mark was added without -p',
      change: onDirectors(() => `ipvsadm -E -f ${groupMark} -s rr`),
      reason: /reached .* on http and .* on https/,
    },
    {
      id: 'https-unmarked',
      breaks: 'a later rule takes the mark off https',
      change: onDirectors(
        () => `iptables-legacy -t mangle -A PREROUTING -p tcp --dport ${portOf.https} -j MARK --set-mark 0`,
      ),
      reason: /reached .* on http and .* on https/,
    },
  ],
  async observe({ lab, evidence }) {
    const { prober, director, service } = await sceneAt(lab, portOf.http);
    const rules = await ipvs.rules(director);
    if (!rules.some((rule) => rule.protocol === 'fwmark' && rule.vip === String(groupMark)))
      throw new CannotHere('the director cannot mark packets: iptables-legacy has no mangle table there');
    const clients = clientAddresses(lab.spec).slice(9, 12);
    const seen: Grouped['clients'] = [];
    const ask = async (port: number, cip: string) =>
      prober.requests({ ip: service.vip, port }, { count: perPort, from: [cip], parallel: perPort });
    for (const cip of clients) {
      const http = serversIn(await ask(portOf.http, cip)).split(' and ');
      seen.push({ cip, http, https: serversIn(await ask(portOf.https, cip)).split(' and ') });
    }
    const table = await ipvs.connections(director);
    await evidence.save('connections.txt', await ipvs.text(director));
    return {
      clients: seen,
      templates: table
        .filter((row) => isTemplate(row) && row.protocol === 'ip' && clients.includes(row.cip))
        .map((row) => ({ cip: row.cip, server: nameOfRip(lab.spec, row.rip) })),
    };
  },
  judge({ clients, templates }, { spec }) {
    const expected = `each of ${list(clients.map((one) => one.cip))} on one real server for both ports, with one template`;
    if (clients.every((one) => [...one.http, ...one.https].every((name) => name.startsWith('?'))))
      return inconclusive(expected, 'no connection was answered');
    const answering = (one: (typeof clients)[number]) =>
      [...one.http, ...one.https].filter((name) => !name.startsWith('?'));
    const apart = clients.find((one) => new Set(answering(one)).size > 1);
    if (apart)
      return fail(
        expected,
        `${apart.cip} reached ${list(apart.http)} on http and ${list(apart.https)} on https`,
        {
          cause: 'the service on the mark is not persistent, or one of the ports does not carry the mark',
          remedy: on(
            everyHost(spec, 'director'),
            `ipvsadm -E -f ${groupMark} -s rr -p 300`,
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
      remedy: on(everyHost(spec, 'director'), `ipvsadm -E -f ${groupMark} -s rr -p 300`),
    });
  },
});
