import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../../src/model/host.ts';
import { until } from '../../src/util/until.ts';
import { functional } from '../common/coassert.ts';
import { heldInOrder, mistaken, needs } from './held.ts';
import { exactly, meantServers } from './judging.ts';
import { all, director, prober, type Start, startOf } from './observing.ts';
import { localityBased, replicated } from './oracle/locality.ts';
import { type Choose, replay } from './oracle/server.ts';
import { schedulers, triedService } from './stage.ts';

/** Schedulers that keep the clients of one destination address together. */

export const localityLeast = heldInOrder({
  id: 'SCH-19',
  level: 'should',
  title: 'lblc stays with one server for a VIP until that has more than its weight',
  requirement:
    'Connections to one address go to the same server, until it has more active ones than its weight and another has less than half of its own.',
  source: 'Linux ip_vs_lblc.c; ipvsadm(8)',
  bench: 'lblc',
  count: 9,
  remembers: true,
  choose: () => localityBased(),
  mutants: [mistaken('lblc', 'lc')],
});

interface Pruned {
  start: Start;
  /** While connections are held, the set grows. */
  held: string[];
  /** The counts when all of them are closed. */
  then: Start;
  /** One after the other, each closed at once. */
  spread: string[];
  /** Two, each after the set has been left alone for longer than `lblcr_expiration`. */
  pruning: string[];
  /** After that. */
  left: string[];
}

const expiration = 'net.ipv4.vs.lblcr_expiration';

/** The set must not have changed for longer than the expiration, which is counted in ticks of 10 ms at most. */
const ticksMs = 60;

async function withExpiration<T>(host: Host, seconds: number, work: () => Promise<T>): Promise<T> {
  const before = (
    await host.exec(`sysctl -n ${expiration}; sysctl -qw ${expiration}=${seconds}`)
  ).stdout.trim();
  try {
    return await work();
  } finally {
    await host.exec(`sysctl -qw ${expiration}=${before}`);
  }
}

export const localityReplicated = functional<Pruned>({
  id: 'SCH-20',
  suite: 'scheduler',
  level: 'should',
  title: 'lblcr grows a set of servers for a VIP, and prunes it after lblcr_expiration',
  requirement:
    'Connections to one address go to the least loaded of its set, which gets another server when that one is over its weight; once the set has not changed for lblcr_expiration, each connection removes the busiest.',
  source: 'Linux ip_vs_lblcr.c; ipvs-sysctl.rst; ipvsadm(8)',
  needs,
  stage: schedulers,
  mutants: [mistaken('lblcr', 'lblc'), mistaken('lblcr', 'wlc')],
  async observe({ lab }) {
    const service = triedService(lab.spec, 'lblcr');
    const target = { ip: service.vip, port: service.port };
    const client = await prober(lab);
    const start = await startOf(lab, service);
    const ask = async (count: number) => all(await client.requests(target, { count }));
    const holding = await client.hold(target, { count: 9 });
    await holding.close();
    const then = await until(
      'all connections to be closed',
      async () => {
        const now = await startOf(lab, service);
        return now.servers.every(({ active }) => active === 0) ? now : undefined;
      },
      { withinMs: 10_000, everyMs: 20 },
    );
    const spread = await ask(6);
    const pruning = await withExpiration(director(lab), 0, async () => {
      const seen: string[] = [];
      for (let i = 0; i < 2; i++) {
        await sleep(ticksMs);
        seen.push(...(await ask(1)));
      }
      return seen;
    });
    return { start, held: all(holding.answers), then, spread, pruning, left: await ask(6) };
  },
  judge({ start, held, then, spread, pruning, left }, { spec }) {
    const service = triedService(spec, 'lblcr');
    const { choose, prune } = replicated();
    const choosingAndPruning: Choose = (servers, arrival) => {
      const chosen = choose(servers, arrival);
      prune(servers);
      return chosen;
    };
    const grown = replay(choose, meantServers(service, start), held.length);
    const asked = replay(choose, meantServers(service, then), spread.length, 'inactive');
    const pruned = replay(choosingAndPruning, asked.after, pruning.length, 'inactive');
    const rest = replay(choose, pruned.after, left.length, 'inactive');
    return exactly(
      [...held, ...spread, ...pruning, ...left],
      [grown, asked, pruned, rest].flatMap(({ names }) => names),
      { spec, service, start },
    );
  },
});
