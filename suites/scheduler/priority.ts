import { functional } from '../common/coassert.ts';
import { heldInOrder, mistaken, needs } from './held.ts';
import { exactly, meantServers, worst } from './judging.ts';
import { all, prober, type Start, startOf, weigh } from './observing.ts';
import { failover, overflow } from './oracle/least.ts';
import { replay, type Server } from './oracle/server.ts';
import { ownBench, schedulers, triedService } from './stage.ts';

/** Schedulers for which the weight is a rank. */

interface Ranked {
  start: Start;
  seen: string[];
  /** In the stage: the server of the highest weight, which was quiesced then. */
  after?: { quiesced: string; then: Start; others: string[] };
}

export const failsOver = functional<Ranked>({
  id: 'SCH-17',
  suite: 'scheduler',
  level: 'should',
  title: 'fo sends everything to the highest weight that is available',
  requirement:
    'All connections go to the server of the highest weight; when it is quiesced, to the next one.',
  source: 'Linux ip_vs_fo.c; ipvsadm(8)',
  needs,
  stage: schedulers,
  own: ownBench('fo'),
  mutants: [mistaken('fo', 'wrr')],
  async observe({ lab }) {
    const service = triedService(lab.spec, 'fo');
    const target = { ip: service.vip, port: service.port };
    const client = await prober(lab);
    const start = await startOf(lab, service);
    const seen = all(await client.requests(target, { count: 4 }));
    if (lab.spec.stage === undefined) return { start, seen };
    const highest = service.realServers.reduce((a, b) => (b.weight > a.weight ? b : a));
    await weigh(lab, service, highest.name, 0);
    try {
      const then = await startOf(lab, service);
      const others = all(await client.requests(target, { count: 4 }));
      return { start, seen, after: { quiesced: highest.name, then, others } };
    } finally {
      await weigh(lab, service, highest.name, highest.weight);
    }
  },
  judge({ start, seen, after }, { spec }) {
    const service = triedService(spec, 'fo');
    const names = (from: Server[], count: number) => replay(failover, from, count, 'inactive').names;
    const first = exactly(seen, names(meantServers(service, start), seen.length), { spec, service, start });
    if (!after) return first;
    const { quiesced, then, others } = after;
    const left = (server: Server) => (server.name === quiesced ? { ...server, weight: 0 } : server);
    const servers = meantServers(service, then).map(left);
    return worst(
      first,
      exactly(others, names(servers, others.length), { spec, service, start: then, servers }),
    );
  },
});

export const overflows = heldInOrder({
  id: 'SCH-18',
  level: 'must',
  title: 'ovf fills the highest weight first, each to weight + 1, then refuses',
  requirement:
    'A connection goes to the highest weight among the servers with no more active connections than weight; when there is none, the client is refused.',
  source: 'Linux ip_vs_ovf.c; ipvsadm(8)',
  bench: 'ovf',
  count: 12,
  choose: () => overflow,
  mutants: [mistaken('ovf', 'wlc')],
});
