import { destinationOf, entryOf, methodFlag } from '../../src/model/ipvs-words.ts';
import type { Lab } from '../../src/model/lab.ts';
import { until } from '../../src/util/until.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { on } from '../common/remedy.ts';
import { needs } from './held.ts';
import { isLost, sharesOf, show, worst } from './judging.ts';
import { all, director, prober, type Start, startOf } from './observing.ts';
import { refused } from './oracle/server.ts';
import { directorOf, schedulers, type TriedService, triedService } from './stage.ts';

/** How many connections of the first, second and third server are closed, and how long entries live after that. */
const closed = { limited: [1, 2, 0], limitedBelow: [2, 3, 0] } as const;
const finTimeoutS = 1;

interface Limited {
  start: Start;
  /** Opened one after the other and kept, until nobody takes one more. */
  filling: string[];
  /** Tried when connections are closed and their entries are still there. */
  lingering: string[];
  lingeringCounts: Start;
  /** When those entries are gone. */
  afterwards: string[];
  counts: Start;
}
type Limits = Record<keyof typeof closed, Limited>;

const inactive = ({ servers }: Start): number => servers.reduce((sum, one) => sum + one.inactive, 0);

async function fill(lab: Lab, bench: keyof typeof closed): Promise<Limited> {
  const service = triedService(lab.spec, bench);
  const client = await prober(lab);
  const start = await startOf(lab, service);
  const hold = (count: number) => client.hold({ ip: service.vip, port: service.port }, { count });
  const held = [await hold(13)];
  try {
    const filling = all(held[0]?.answers ?? []);
    const chosen = closed[bench].flatMap((count, i) => {
      const own = filling.flatMap((name, at) => (name === service.realServers[i]?.name ? [at] : []));
      return own.slice(0, count);
    });
    await held[0]?.drop(chosen);
    held.push(await hold(1));
    const lingeringCounts = await startOf(lab, service);
    const counts = await until(
      'the entries of closed connections to expire',
      async () => {
        const now = await startOf(lab, service);
        return inactive(now) <= inactive(start) ? now : undefined;
      },
      { withinMs: 15_000, everyMs: 50 },
    );
    held.push(await hold(5));
    const [, lingering = [], afterwards = []] = held.map(({ answers }) => all(answers));
    return { start, filling, lingering, lingeringCounts, counts, afterwards };
  } finally {
    await Promise.all(held.map((one) => one.close()));
  }
}

/** Mutant: the first server has these thresholds in a service. */
const thresholds = (bench: TriedService, text: string) =>
  onDirectors((spec) => {
    const service = triedService(spec, bench);
    const first = destinationOf(spec, service, service.realServers[0]?.name ?? '');
    return `ipvsadm -e ${entryOf(service)} ${first} ${methodFlag(service, service.realServers[0]?.name ?? '')} -w 1 ${text}`;
  });

/** Linux ip_vs_bind_dest(), ip_vs_unbind_dest(): total = active + inactive, so that entries in FIN_WAIT count. */
export const thresholdsHold = functional<Limits>({
  id: 'SCH-25',
  suite: 'scheduler',
  level: 'must',
  title: 'a server at its upper threshold gets nothing until it is below the lower one',
  requirement:
    'A server leaves the choice when active and inactive connections reach the upper threshold, and returns below the lower one, which is three quarters of the upper one where none is set.',
  source: 'Linux ip_vs_bind_dest(), ip_vs_unbind_dest(); ipvsadm(8) --u-threshold, --l-threshold',
  needs,
  stage: schedulers,
  mutants: [
    {
      id: 'no-upper',
      breaks: 'a real server without an upper threshold',
      change: thresholds('limited', '-x 0'),
      reason: /rs1 took [5-9]/,
    },
    {
      id: 'no-lower',
      breaks: 'a real server without a lower threshold, so that three quarters of the upper one count',
      change: thresholds('limitedBelow', '-x 4 -y 0'),
      reason: /port 8125.*afterwards [^;]*rs1/,
    },
  ],
  async observe({ lab }) {
    const host = director(lab);
    await host.exec(`ipvsadm --set 0 ${finTimeoutS} 0`);
    try {
      const [limited, limitedBelow] = await Promise.all([fill(lab, 'limited'), fill(lab, 'limitedBelow')]);
      return { limited, limitedBelow };
    } finally {
      await host.exec('ipvsadm --set 0 120 0');
    }
  },
  judge(limits, { spec }) {
    const names = triedService(spec, 'limited').realServers.map(({ name }) => name);
    // What returns is the second server in both: of the first, one more is closed than the lower threshold allows.
    const [, second = ''] = names;
    const returns = { limited: [second, second], limitedBelow: [second, second, second] };
    return worst(
      ...(['limited', 'limitedBelow'] as const).map((bench) => {
        const service = triedService(spec, bench);
        const { start, filling, lingering, lingeringCounts, afterwards } = limits[bench];
        const upper = service.realServers[0]?.upperThreshold ?? 0;
        const wanted = [...returns[bench], ...Array<string>(5 - returns[bench].length).fill(refused)];
        const expected = `port ${service.port}: ${upper} each, then refused; afterwards ${show(wanted)}`;
        const seen = `port ${service.port}: ${sharesOf(filling)}; while entries linger ${show(lingering)}; afterwards ${show(afterwards)}`;
        const host = directorOf(spec);
        const remedy = on(
          host,
          ...names.map(
            (name) =>
              `ipvsadm -e ${entryOf(service)} ${destinationOf(spec, service, name)} ${methodFlag(service, name)} -w 1 -x ${upper}`,
          ),
        );
        const cause = `a threshold on ${host} is not the lab’s: ipvsadm -Ln --thresholds`;
        if (start.servers.some(({ active, inactive: gone }) => active + gone > 0))
          return inconclusive(expected, 'the servers had connections before');
        const lost = [...filling, ...lingering, ...afterwards].some((name) => isLost(name, spec));
        const over = names
          .map((name) => ({ name, took: filling.filter((one) => one === name).length }))
          .find(({ took }) => took > upper || (took < upper && !lost));
        if (over)
          return fail(expected, `${over.name} took ${over.took} connections, not ${upper}; ${seen}`, {
            cause,
            remedy,
          });
        if (lost) return inconclusive(expected, `not every connection was answered or refused; ${seen}`);
        const allThere = lingeringCounts.servers.every((one) => one.active + one.inactive >= upper);
        if (allThere && lingering.some((one) => one !== refused))
          return fail(expected, `entries of closed connections did not count; ${seen}`, { cause, remedy });
        if (show(afterwards) !== show(wanted)) return fail(expected, seen, { cause, remedy });
        return pass(expected, seen);
      }),
    );
  },
});
