import { check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { deviceOf, type HostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { arpRequest } from '../../src/probe/craft.ts';
import { directorState } from '../../src/probe/forwarding.ts';
import { inject } from '../../src/probe/inject.ts';
import { neighbour } from '../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { firstServer } from '../common/mutate.ts';
import { advice, on } from '../common/remedy.ts';
import { count, list, nameOfMac, serviceOf, targetOf } from '../common/subjects.ts';
import { loose } from './loose.ts';

/** Requests while an entry for the VIP was pinned somewhere. */
interface Pinned {
  /** Names of who answered, `? (ERROR)` where nobody did. */
  servers: string[];
  /** MAC of the entry after the requests. */
  entry: string | null;
  /** Packets that the director counted meanwhile. */
  forwarded: number;
}

const parts = (spec: LabSpec) => {
  const one = (role: HostSpec['role'], segment: HostSpec['segment'] = 'lan') => {
    const found = hostsOf(spec, role).find((host) => host.segment === segment);
    if (!found) throw new Error(`stage «loose» without a ${role} in ${segment}`);
    return found;
  };
  const service = serviceOf(spec, 'tcp');
  return { service, one, client: one('client'), director: one('director'), server: one('realServer') };
};

const pin = (lab: Lab, where: HostSpec, vip: string, mac: string) =>
  lab.host(where.name).exec(`ip neigh replace ${vip} lladdr ${mac} dev ${deviceOf(where)} nud permanent`);

const unpin = (lab: Lab, where: HostSpec, vip: string) =>
  lab.host(where.name).exec(`ip neigh del ${vip} dev ${deviceOf(where)} 2>/dev/null || :`);

async function requestsVia(lab: Lab, client: HostSpec, where: HostSpec, limitMs = 2_000): Promise<Pinned> {
  const { service, director } = parts(lab.spec);
  const packets = async () =>
    (await directorState(lab.host(director.name), lab.spec.director.kind)).forwarded ?? 0;
  const prober = await proberOn(lab, client.name);
  const before = await packets();
  const answers = await prober.requests(targetOf(service), { count: 6, timeoutMs: limitMs, parallel: 3 });
  return {
    servers: answers.map(({ server, error }) => server ?? `? (${error})`),
    entry: (await neighbour(lab.host(where.name), service.vip))?.mac ?? null,
    forwarded: (await packets()) - before,
  };
}

const lost = ({ servers }: Pinned): number => servers.filter((server) => server.startsWith('?')).length;

/** Somebody takes the VIP over: gratuitous ARP, RFC 5227 §3. */
const announce = (lab: Lab, from: HostSpec, vip: string, mac: string) =>
  inject(lab.host(from.name), [arpRequest({ senderMac: mac, senderIp: vip, targetIp: vip })], {
    device: deviceOf(from),
  });

/** A newMaster that is no host: only what neighbour tables make of its announcement matters here. */
const newMasterMac = '02:0d:00:00:fe:99';

interface StaticEntries {
  toDirector: Pinned;
  toServer: Pinned & { name: string };
  /** MAC of the entry after another node announced the VIP as its own. */
  afterTakeover: { pinned: string | null; learnt: string | null };
}

/** What a static entry is good for, and what it costs: catalogue ARP-13, claim S25. */
export const staticEntryHelpsUntilFailover = check<StaticEntries>({
  id: 'ARP-13',
  suite: 'arp',
  level: 'should',
  title: 'a static ARP entry on the client works, and only without failover',
  requirement:
    'Pinned to the director, a client is served by all real servers even where those answer ARP; pinned to a real server, it bypasses the director; and a permanent entry ignores the announcement of a take-over, which a learnt one follows.',
  source: 'RFC 826; ip-neighbour(8) nud permanent; RFC 5227 §3',
  needs: ['inject', 'ipvs', 'director', 'directClient'],
  stage: loose,
  mutants: [
    {
      id: 'vip-missing',
      breaks: 'the VIP left out on one real server, which no ARP entry makes good',
      change: firstServer({ vipDevice: 'none' }),
      reason: /pinned to d1 .* failed/,
    },
  ],
  async observe({ lab, evidence }) {
    const { service, client, director, server } = parts(lab.spec);
    const { vip } = service;
    const host = lab.host(client.name);
    try {
      await pin(lab, client, vip, director.mac);
      const toDirector = await requestsVia(lab, client, client);
      await announce(lab, director, vip, newMasterMac);
      const pinned = (await neighbour(host, vip))?.mac ?? null;
      await pin(lab, client, vip, server.mac);
      const toServer = { ...(await requestsVia(lab, client, client)), name: server.name };
      await host.exec(`ip neigh replace ${vip} lladdr ${director.mac} dev ${deviceOf(client)} nud stale`);
      await announce(lab, director, vip, newMasterMac);
      const learnt = (await neighbour(host, vip))?.mac ?? null;
      await evidence.save('neighbours.txt', (await host.exec('ip neigh show')).stdout);
      return { toDirector, toServer, afterTakeover: { pinned, learnt } };
    } finally {
      await unpin(lab, client, vip);
    }
  },
  judge({ toDirector, toServer, afterTakeover }, { spec }) {
    const { director } = parts(spec);
    const expected = `pinned to ${director.name}: all real servers; pinned to ${toServer.name}: that one alone, past the director; after a take-over only the learnt entry has changed`;
    if (toDirector.entry !== director.mac || afterTakeover.learnt === null)
      return inconclusive(expected, 'the entry could not be pinned');
    if (toDirector.servers.length === 0 || toServer.servers.length === 0)
      return inconclusive(expected, 'no request was sent');
    const names = hostsOf(spec, 'realServer').map(({ name }) => name);
    const remedy = [
      ...advice('no permanent ARP entry for the VIP'),
      ...on(names, 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2'),
    ];
    if (lost(toDirector) > 0 || names.some((name) => !toDirector.servers.includes(name)))
      return fail(
        expected,
        `pinned to ${director.name} ${lost(toDirector)} of ${count(toDirector.servers.length, 'request')} failed: ${list(toDirector.servers)}`,
        {
          cause: 'a real server does not serve what the director sends it',
          remedy: advice('see VIP-01 and PP-16'),
        },
      );
    const others = toServer.servers.filter((name) => name !== toServer.name && !name.startsWith('?'));
    if (toServer.forwarded > 0 || others.length > 0)
      return fail(
        expected,
        `pinned to ${toServer.name}, ${list(toServer.servers)} answered and the director counted ${toServer.forwarded} packets`,
        { cause: 'the pinned entry was not used', remedy },
      );
    if (lost(toServer) > 0)
      return inconclusive(
        expected,
        `pinned to ${toServer.name}, ${lost(toServer)} of ${count(toServer.servers.length, 'request')} failed`,
      );
    if (afterTakeover.pinned !== director.mac || afterTakeover.learnt !== newMasterMac)
      return fail(
        expected,
        `after the take-over the permanent entry was ${nameOfMac(spec, afterTakeover.pinned ?? '')}, the learnt one ${nameOfMac(spec, afterTakeover.learnt)}`,
        {
          cause: 'gratuitous ARP did not reach the client, or its kernel treats permanent entries otherwise',
          remedy: [...on(parts(spec).client.name, 'sysctl -a -r arp_accept'), ...advice('see ARP-09')],
        },
      );
    return pass(
      expected,
      `as expected: ${list(toDirector.servers)} by ${director.name}; ${list(toServer.servers)} past it; the permanent entry ignored the take-over`,
    );
  },
});

/** One entry on the one router in front guards against real servers that answer: catalogue ARP-07. */
export const pinnedRouterWorks = check<Pinned>({
  id: 'ARP-07@pinned',
  suite: 'arp',
  level: 'should',
  title: 'a static entry on the router keeps routed clients on the director',
  requirement:
    'With a permanent entry for the VIP on the only router, routed clients reach every real server by way of the director, although real servers answer ARP.',
  source: 'LVS-HOWTO, ARP problem (arp -f); ip-neighbour(8) nud permanent',
  needs: ['ipvs', 'director', 'routedClient'],
  stage: loose,
  mutants: [
    {
      id: 'vip-missing',
      breaks: 'the VIP left out on one real server',
      change: firstServer({ vipDevice: 'none' }),
      reason: /requests failed/,
    },
  ],
  async observe({ lab }) {
    const { service, one, director } = parts(lab.spec);
    const router = one('router');
    try {
      await pin(lab, router, service.vip, director.mac);
      return await requestsVia(lab, one('client', 'outside'), router);
    } finally {
      await unpin(lab, router, service.vip);
    }
  },
  judge(seen, { spec }) {
    const { director, service, one } = parts(spec);
    const router = one('router');
    const names = hostsOf(spec, 'realServer').map(({ name }) => name);
    const expected = `${list(names)} serve by way of ${director.name}, whose MAC the router keeps`;
    if (seen.servers.length === 0) return inconclusive(expected, 'no request was sent');
    if (seen.entry === null) return inconclusive(expected, 'the entry could not be pinned');
    if (seen.entry !== director.mac || seen.forwarded === 0)
      return fail(expected, `the router has the VIP at ${nameOfMac(spec, seen.entry)}`, {
        cause: 'the entry is not permanent, or the packets take another path',
        remedy: on(
          router.name,
          `ip neigh replace ${service.vip} lladdr ${director.mac} dev ${deviceOf(router)} nud permanent`,
        ),
      });
    if (lost(seen) > 0 || names.some((name) => !seen.servers.includes(name)))
      return fail(
        expected,
        `${lost(seen)} of ${seen.servers.length} requests failed: ${list(seen.servers)}`,
        {
          cause: 'a real server does not serve what the director sends it',
          remedy: advice('see VIP-01 and PP-16'),
        },
      );
    return pass(expected, `${seen.servers.length} requests answered by ${list(seen.servers)}`);
  },
});
