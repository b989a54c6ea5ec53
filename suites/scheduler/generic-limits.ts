import { check } from '../../src/model/check.ts';
import { destinationOf, entryOf, methodFlag } from '../../src/model/ipvs-words.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { advice, filtersOn, on } from '../common/remedy.ts';
import { type Each, hashing, onEach, requests, without } from './each.ts';
import { needs } from './held.ts';
import { exactly, isLost, meantServers, sharesOf, show } from './judging.ts';
import { all, prober } from './observing.ts';
import { localityBased } from './oracle/locality.ts';
import { refused, replay, type Server } from './oracle/server.ts';
import { directorOf, genericOf, type SchedulerName, schedulers } from './stage.ts';

interface Filled {
  /** Who got each of the connections, which were all kept. */
  seen: string[];
}
interface Started extends Filled {
  /** In the kernel's order, before the first of them. */
  servers: Server[];
}
type One = Filled & { scheduler: SchedulerName };

/** One more than three servers with an upper threshold of 2 can take. */
const attempts = 7;

/**
 * Linux IP_VS_DEST_F_OVERLOAD. All schedulers look at it but lblc, which does so when it chooses a server for an
 * address, and not again while it keeps to it: ip_vs_lblc_schedule() asks for F_AVAILABLE and the weight only.
 */
export const noneToOverloaded = functional<Each<Started>>({
  id: 'SCH-G2',
  suite: 'scheduler',
  level: 'must',
  title: 'no scheduler but lblc gives a connection to a server at its upper threshold',
  requirement:
    'With an upper threshold of 2 no server gets a third connection; a client for whom none is below it is refused. lblc keeps using the server that it has cached for the VIP.',
  source: 'ipvsadm(8) --u-threshold; Linux ip_vs_*.c (IP_VS_DEST_F_OVERLOAD)',
  needs,
  stage: schedulers,
  mutants: [
    {
      id: 'no-upper',
      breaks: 'a real server of a service without an upper threshold',
      change: onDirectors((spec) => {
        const service = genericOf(spec, 'limited', 'rr');
        const first = destinationOf(spec, service, service.realServers[0]?.name ?? '');
        return `ipvsadm -e ${entryOf(service)} ${first} ${methodFlag(service, service.realServers[0]?.name ?? '')} -w 1 -x 0`;
      }),
      reason: /rr: rs1 got 3 /,
    },
  ],
  observe: ({ lab }) =>
    onEach(lab, 'limited', async ({ vip, port }, servers) => {
      const held = await (await prober(lab)).hold({ ip: vip, port }, { count: attempts });
      await held.close();
      return { servers, seen: all(held.answers) };
    }),
  judge({ lacking, seen }, { spec }) {
    const expected = `2 connections for each server, then refused, with ${seen.length} schedulers${without(lacking)}`;
    const host = directorOf(spec);
    const servers = genericOf(spec, 'limited', 'rr').realServers.map(({ name, upperThreshold = 0 }) => ({
      name,
      upperThreshold,
    }));
    const took = (one: One, name: string) => one.seen.filter((who) => who === name).length;
    const text = (one: One) => `${one.scheduler}: ${sharesOf(one.seen)}`;
    if (seen.length === 0) return inconclusive(expected, 'no scheduler is there');
    for (const one of seen) {
      const service = genericOf(spec, 'limited', one.scheduler);
      if (one.scheduler === 'lblc') {
        const start = { scheduler: 'lblc', servers: one.servers };
        const limited = meantServers(service, start).map((server) => ({ ...server, upper: 2 }));
        const { names } = replay(localityBased(), limited, one.seen.length);
        const judgement = exactly(one.seen, names, { spec, service, start });
        if (judgement.verdict !== 'pass') return judgement;
        continue;
      }
      const over = servers.find(({ name, upperThreshold }) => took(one, name) > upperThreshold);
      const remedy = on(
        host,
        ...service.realServers.map(
          ({ name, weight }) =>
            `ipvsadm -e ${entryOf(service)} ${destinationOf(spec, service, name)} ${methodFlag(service, name)} -w ${weight} -x 2`,
        ),
      );
      if (over)
        return fail(
          expected,
          `${one.scheduler}: ${over.name} got ${took(one, over.name)} connections: ${show(one.seen)}`,
          {
            cause: `${over.name} has no upper threshold on ${host}, or its scheduler does not look at it`,
            remedy,
          },
        );
      if (one.seen.length === 0 || one.seen.some((name) => isLost(name, spec)))
        return inconclusive(expected, `not every connection was answered or refused; ${text(one)}`);
      const admitted = one.seen.filter((name) => servers.some((server) => server.name === name)).length;
      const room = hashing.includes(one.scheduler) ? 2 : 2 * servers.length;
      const strange = one.seen.some((name, i) => i >= admitted && name !== refused);
      if (admitted !== room || strange)
        return fail(expected, `${text(one)}; ${room} should have been served, the others refused`, {
          cause: `${host} refuses or loses connections that a server has room for`,
          remedy,
        });
    }
    return pass(expected, seen.map(text).join('; '));
  },
});

/** Linux ip_vs_leave(). */
export const nobodyLeftRefuses = check<Each<Filled>>({
  id: 'SCH-G3',
  suite: 'scheduler',
  level: 'must',
  title: 'with every scheduler a service without an available server refuses at once',
  requirement: 'When all weights are 0 the client gets ICMP port unreachable, whatever the scheduler.',
  source: 'Linux ip_vs_leave(), ip_vs_*.c',
  needs,
  stage: schedulers,
  mutants: [
    {
      id: 'icmp-dropped',
      breaks: 'the director may not send ICMP',
      change: onDirectors(
        () =>
          `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 egress protocol ip u32 match ip protocol 1 0xff action drop`,
      ),
      reason: /timeout.*ICMP/,
    },
    {
      id: 'weight',
      breaks: 'one real server got a weight',
      change: onDirectors((spec) => {
        const service = genericOf(spec, 'empty', 'mh');
        const first = destinationOf(spec, service, service.realServers[0]?.name ?? '');
        return `ipvsadm -e ${entryOf(service)} ${first} ${methodFlag(service, service.realServers[0]?.name ?? '')} -w 1`;
      }),
      reason: /mh: .*rs1/,
    },
  ],
  observe: ({ lab }) =>
    onEach(lab, 'empty', async (service) => ({ seen: await requests(lab, service, 2, 1_000) })),
  judge({ lacking, seen }, { spec }) {
    const expected = `refused with ${seen.length} schedulers${without(lacking)}`;
    if (seen.length === 0) return inconclusive(expected, 'no scheduler is there');
    if (seen.some((one) => one.seen.length === 0)) return inconclusive(expected, 'no connection was tried');
    const host = directorOf(spec);
    const wrong = seen.filter((one) => one.seen.some((name) => name !== refused));
    if (wrong.length === 0) return pass(expected, `all of ${2 * seen.length} connections refused`);
    const silent = wrong.some((one) => one.seen.includes('timeout'));
    return fail(expected, wrong.map((one) => `${one.scheduler}: ${show(one.seen)}`).join('; '), {
      cause: silent ? `ICMP type 3 does not get out of ${host}` : `a server has a weight on ${host}`,
      remedy: silent
        ? on(
            host,
            'iptables -I OUTPUT -p icmp --icmp-type destination-unreachable -j ACCEPT',
            filtersOn(spec, 'egress'),
          )
        : [...on(host, 'ipvsadm -Ln'), ...advice('all weights of this service are to be 0')],
    });
  },
});
