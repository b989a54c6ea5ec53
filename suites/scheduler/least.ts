import * as ipvs from '../../src/probe/ipvs.ts';
import { until } from '../../src/util/until.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice } from '../common/remedy.ts';
import { type Held, heldInOrder, holdAt, judgeHeld, mistaken, needs } from './held.ts';
import { exactly, meantServers, show, worst } from './judging.ts';
import { all, director, prober, type Start, startOf } from './observing.ts';
import {
  leastConnections,
  neverQueue,
  shortestExpectedDelay,
  weightedLeastConnections,
} from './oracle/least.ts';
import { replay, type Server } from './oracle/server.ts';
import { directorOf, firstWeighs, ownBench, schedulers, triedService } from './stage.ts';

/** Schedulers that go by the connections that are open. */

interface Refilled {
  start: Start;
  seen: string[];
  /** The server whose connections were closed, and the counts when the director knew it. */
  emptied: string;
  then: Start;
  refill: string[];
}

/** Linux ip_vs_lc.c: 256·active + inactive; of equals the first in the table. */
export const leastConnection = functional<Refilled>({
  id: 'SCH-03',
  suite: 'scheduler',
  level: 'must',
  title: 'lc gives each connection to the server with the fewest',
  requirement:
    'A new connection goes to the first server in the table with the least 256·active + inactive, whatever the weights.',
  source: 'Linux ip_vs_lc.c, ip_vs_dest_conn_overhead(); ipvsadm(8)',
  needs,
  stage: schedulers,
  own: ownBench('lc'),
  mutants: [mistaken('lc', 'rr'), mistaken('lc', 'wlc')],
  async observe({ lab }) {
    const service = triedService(lab.spec, 'lc');
    const start = await startOf(lab, service);
    const client = await prober(lab);
    const hold = (count: number) => client.hold({ ip: service.vip, port: service.port }, { count });
    const first = await hold(12);
    try {
      const seen = all(first.answers);
      const emptied = seen[1] ?? '';
      await first.drop(seen.flatMap((name, i) => (name === emptied ? [i] : [])));
      const before = start.servers.find((one) => one.name === emptied)?.active ?? 0;
      const then = await until(
        `the connections of ${emptied} to be closed`,
        async () => {
          const now = await startOf(lab, service);
          return now.servers.some((one) => one.name === emptied && one.active <= before) ? now : undefined;
        },
        { withinMs: 10_000, everyMs: 20 },
      );
      const second = await hold(6);
      await second.close();
      return { start, seen, emptied, then, refill: all(second.answers) };
    } finally {
      await first.close();
    }
  },
  judge({ start, seen, then, refill }, { spec }) {
    const service = triedService(spec, 'lc');
    const first = replay(leastConnections, meantServers(service, start), seen.length).names;
    const second = replay(leastConnections, meantServers(service, then), refill.length).names;
    return worst(
      exactly(seen, first, { spec, service, start }),
      exactly(refill, second, { spec, service, start: then }),
    );
  },
});

interface Defaulted extends Held {
  /** The scheduler that a service gets which is added without one; asked in the stage alone. */
  byDefault?: string;
}

/** Linux ip_vs_wlc.c; ipvsadm(8): «The default is wlc». */
export const weightedLeastConnection = functional<Defaulted>({
  id: 'SCH-04',
  suite: 'scheduler',
  level: 'must',
  title: 'wlc, the default, shares open connections by weight',
  requirement:
    'A new connection goes to the first server with the least (256·active + inactive) / weight. ipvsadm takes wlc where no scheduler is named.',
  source: 'Linux ip_vs_wlc.c; ipvsadm(8) --scheduler',
  needs,
  stage: schedulers,
  own: ownBench('wlc'),
  mutants: [
    mistaken('wlc', 'lc'),
    {
      id: 'weight',
      breaks: 'the weight of one real server mistyped',
      change: firstWeighs('wlc', 4),
      reason: /gives \S+ the weight \d+, not \d+/,
    },
  ],
  async observe({ lab }) {
    const { vip } = triedService(lab.spec, 'wlc');
    if (lab.spec.stage === undefined) return holdAt(lab, 'wlc', 12);
    const trial = { protocol: 'tcp' as const, vip, port: 2 };
    const host = director(lab);
    await host.exec(`ipvsadm -A -t ${vip}:${trial.port}`);
    try {
      const { scheduler: byDefault } = await ipvs.table(host, trial);
      return { ...(await holdAt(lab, 'wlc', 12)), byDefault };
    } finally {
      await host.exec(`ipvsadm -D -t ${vip}:${trial.port}`);
    }
  },
  judge({ byDefault, ...held }, { spec }) {
    const judgement = judgeHeld(held, spec, 'wlc', weightedLeastConnections);
    if (byDefault === undefined) return judgement;
    const expected = 'a service without -s gets wlc';
    const seen = `it got ${byDefault}`;
    const host = directorOf(spec);
    const why = {
      cause: `ipvsadm of ${host} has another default`,
      remedy: advice('name the scheduler: -s wlc'),
    };
    return worst(judgement, byDefault === 'wlc' ? pass(expected, seen) : fail(expected, seen, why));
  },
});

export const shortestDelay = heldInOrder({
  id: 'SCH-05',
  level: 'must',
  title: 'sed gives each connection where it waits least',
  requirement: 'A new connection goes to the first server with the least (active + 1) / weight.',
  source: 'Linux ip_vs_sed.c; ipvsadm(8)',
  bench: 'sed',
  count: 12,
  choose: () => shortestExpectedDelay,
  mutants: [mistaken('sed', 'wlc')],
});

export const neverQueued = heldInOrder({
  id: 'SCH-06',
  level: 'should',
  title: 'nq gives each connection to an idle server while there is one',
  requirement: 'A new connection goes to the first server without an active one, else where sed puts it.',
  source: 'Linux ip_vs_nq.c; ipvsadm(8)',
  bench: 'nq',
  count: 12,
  choose: () => neverQueue,
  mutants: [mistaken('nq', 'sed')],
});

interface Burst {
  sed: Held;
  nq: Held;
  lc: Held;
}
const bursts = { sed: 'sedUdp', nq: 'nqUdp', lc: 'lcUdp' } as const;

/** Linux ip_vs_proto_udp.c has one state and never calls a connection active. */
export const activeNeverCountsUdp = functional<Burst>({
  id: 'SCH-07',
  suite: 'scheduler',
  level: 'should',
  title: 'UDP never counts as active: sed and nq send all of it to one server',
  requirement:
    'UDP flows are inactive connections. sed and nq, which only look at active ones, choose the same server for all; lc counts them all the same.',
  source: 'Linux ip_vs_sed.c, ip_vs_nq.c, ip_vs_lc.c, ip_vs_bind_dest()',
  needs,
  stage: schedulers,
  mutants: [mistaken('sedUdp', 'rr')],
  async observe({ lab }) {
    const client = await prober(lab);
    const burst = async (name: keyof Burst): Promise<Held> => {
      const service = triedService(lab.spec, bursts[name]);
      const start = await startOf(lab, service);
      const target = { ip: service.vip, port: service.port };
      return { start, seen: all(await client.datagrams(target, { count: 9, sockets: 9 })) };
    };
    return { sed: await burst('sed'), nq: await burst('nq'), lc: await burst('lc') };
  },
  judge(burst, { spec }) {
    const chosen = { sed: shortestExpectedDelay, nq: neverQueue, lc: leastConnections };
    const active = Object.values(burst).flatMap(({ start }) =>
      start.servers.map((server: Server) => server.active),
    );
    if (active.some((n) => n > 0))
      return inconclusive('no UDP flow counts as active', `${show(active.map(String))} active`);
    return worst(
      ...(['sed', 'nq', 'lc'] as const).map((name) => {
        const service = triedService(spec, bursts[name]);
        const { start, seen } = burst[name];
        const { names } = replay(chosen[name], meantServers(service, start), seen.length, 'inactive');
        return exactly(seen, names, { spec, service, start });
      }),
    );
  },
});
