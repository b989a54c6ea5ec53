import type { Mutant } from '../../src/model/check.ts';
import { destinationOf, entryOf, methodFlag } from '../../src/model/ipvs-words.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { ServiceSpec } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { functional } from '../common/coassert.ts';
import { onSecondVip } from '../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { ruleOn } from '../common/looking/look.ts';
import { onDirectors } from '../common/mutate.ts';
import { everyHost } from '../common/remedy.ts';
import { clientOf, list, serviceOf, targetOf } from '../common/subjects.ts';
import { everywhere } from '../common/vantages.ts';
import {
  leavesCycle,
  repeats,
  shares,
  type WeightedServer,
  weightedPeriod,
  wrongWindow,
} from './oracle/rotation.ts';
import { type ServiceTable, whyOthers, whyOtherwise } from './service-table.ts';

interface Sequence {
  /** Names of the real servers in the kernel's own order, which the last one added heads. */
  order: string[];
  /** Who answered each connection, in their order; `?` where nobody did. */
  seen: string[];
  /** Where they were not as they should be: the service in the director's own table. */
  table?: ServiceTable;
}

async function sequenceOf(
  lab: Lab,
  service: ServiceSpec,
  count: number,
  right: (seen: string[], order: string[]) => boolean,
): Promise<Sequence> {
  const name = await activeDirector(lab, service.vip);
  const director = lab.host(name);
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const answers = await prober.requests(targetOf(service), { count });
  const byIp = new Map(lab.spec.hosts.map((host) => [host.ip, host.name]));
  const order = (await ipvs.order(director, service)).map((ip) => byIp.get(ip) ?? ip);
  const seen = answers.map(({ server }) => server ?? '?');
  if (right(seen, order)) return { order, seen };
  return { order, seen, table: { director: name, rule: await ruleOn(director, service) } };
}

const editScheduler = (from: string, to: string) =>
  onDirectors((spec) => {
    return `ipvsadm -E ${entryOf(serviceOf(spec, 'tcp', from))} -s ${to}`;
  });

const show = (seen: string[]): string =>
  seen.length > 18 ? `${seen.slice(0, 18).join(' ')} …` : seen.join(' ');

const schedulerSh: Mutant = {
  id: 'scheduler-sh',
  breaks: 'the service uses sh instead of rr',
  change: editScheduler('rr', 'sh'),
  reason: /left the cycle/,
};

/** Linux ip_vs_rr.c: a cursor that walks the list of destinations, whatever their weight above 0. */
export const roundRobin = functional<Sequence>({
  id: 'SCH-01',
  suite: 'scheduler',
  level: 'must',
  title: 'rr hands connections out in an exact cycle',
  requirement:
    'Consecutive connections go to the real servers in the order of the table, in turn, whatever their weights.',
  source: 'Linux ip_vs_rr.c; ipvsadm(8)',
  needs: ['director', 'schedulerRr', 'ipvs', 'severalRealServers'],
  vantages: everywhere('tcp', 'rr'),
  mutants: [
    schedulerSh,
    {
      id: 'scheduler-wrr',
      breaks: 'the service uses wrr with unequal weights instead of rr',
      change: onDirectors((spec) => {
        const service = serviceOf(spec, 'tcp', 'rr');
        const entry = entryOf(service);
        const first = destinationOf(spec, service, service.realServers[0]?.name ?? '');
        return `ipvsadm -E ${entry} -s wrr; ipvsadm -e ${entry} ${first} ${methodFlag(service, service.realServers[0]?.name ?? '')} -w 5`;
      }),
      reason: /left the cycle/,
    },
    onSecondVip(schedulerSh, 'tcp', 'rr'),
  ],
  observe: ({ lab }) => {
    const service = serviceOf(lab.spec, 'tcp', 'rr');
    const count = Math.max(12, 4 * Math.min(service.realServers.length, 25));
    return sequenceOf(lab, service, count, (seen, order) => leavesCycle(seen, order) === undefined);
  },
  judge(observed, { spec }) {
    const { order, seen } = observed;
    const service = serviceOf(spec, 'tcp', 'rr');
    const names = service.realServers.filter((server) => server.weight > 0).map((server) => server.name);
    const expected = `the cycle ${show(order)}`;
    if (seen.length === 0) return inconclusive(expected, 'no connection was tried');
    if (seen.includes('?')) return inconclusive(expected, `not every connection was answered: ${show(seen)}`);
    if (new Set(order).size !== new Set(names).size)
      return fail(
        expected,
        `the table holds ${list(order)}; the lab has ${list(names)}`,
        whyOthers(spec, service, order, everyHost(spec, 'director')),
      );
    const left = leavesCycle(seen, order);
    if (left === undefined) return pass(expected, `${seen.length} connections, all in turn: ${show(seen)}`);
    return fail(
      expected,
      `connection ${left + 1} left the cycle: ${show(seen)}`,
      whyOtherwise(spec, service, observed.table),
    );
  },
});

const inOrder = (order: string[], servers: WeightedServer[]): WeightedServer[] =>
  order.flatMap((name) => servers.filter((server) => server.name === name));

const inWeights = (seen: string[], order: string[], servers: WeightedServer[]): boolean =>
  wrongWindow(seen, servers) === undefined && repeats(seen, weightedPeriod(inOrder(order, servers)));

const weightDoubled: Mutant = {
  id: 'weight-doubled',
  breaks: 'the weight of one real server mistyped',
  change: onDirectors((spec) => {
    const service = serviceOf(spec, 'tcp', 'wrr');
    const first = service.realServers[0];
    const server = destinationOf(spec, service, first?.name ?? '');
    return `ipvsadm -e ${entryOf(service)} ${server} ${methodFlag(service, first?.name ?? '')} -w ${7 * (first?.weight ?? 1)}`;
  }),
  reason: /window/,
};

/** Linux ip_vs_wrr.c. */
export const weightedRoundRobin = functional<Sequence>({
  id: 'SCH-02',
  suite: 'scheduler',
  level: 'must',
  title: 'wrr hands connections out exactly by weight',
  requirement:
    'In every window of Σw/gcd consecutive connections a real server of weight w gets exactly w/gcd.',
  source: 'Linux ip_vs_wrr.c; ipvsadm(8)',
  needs: ['director', 'schedulerWrr', 'ipvs', 'severalRealServers'],
  vantages: everywhere('tcp', 'wrr'),
  mutants: [
    weightDoubled,
    {
      id: 'scheduler-sh',
      breaks: 'the service uses sh instead of wrr',
      change: editScheduler('wrr', 'sh'),
      reason: /window/,
    },
    onSecondVip(weightDoubled, 'tcp', 'wrr'),
  ],
  observe: ({ lab }) => {
    const service = serviceOf(lab.spec, 'tcp', 'wrr');
    const total = service.realServers.reduce((sum, server) => sum + server.weight, 0);
    const count = Math.min(3 * Math.max(total, 4), 300);
    return sequenceOf(lab, service, count, (seen, order) => inWeights(seen, order, service.realServers));
  },
  judge(observed, { spec }) {
    const { order, seen } = observed;
    const service = serviceOf(spec, 'tcp', 'wrr');
    const servers = service.realServers.filter((server) => server.weight > 0);
    const weights = servers.map((server) => `${server.name}:${server.weight}`).join(' ');
    const expected = `every window shared as the weights ${weights}`;
    if (seen.length === 0) return inconclusive(expected, 'no connection was tried');
    if (seen.includes('?')) return inconclusive(expected, `not every connection was answered: ${show(seen)}`);
    const names = servers.map((server) => server.name);
    const got = shares(seen, names);
    const charts = [
      {
        kind: 'bars' as const,
        title: 'connections per real server (wrr)',
        unit: 'connections',
        bars: servers.map(({ name, weight }, i) => ({
          name,
          value: got[i] ?? 0,
          expected: (seen.length * weight) / servers.reduce((sum, server) => sum + server.weight, 0),
        })),
      },
    ];
    const wrong = wrongWindow(seen, servers);
    const period = weightedPeriod(inOrder(order, servers));
    if (!wrong && repeats(seen, period))
      return pass(expected, `${seen.length} connections: ${show(seen)}`, { charts });
    if (!wrong)
      return fail(expected, `shared by weight, but not in the order ${show(period)}: ${show(seen)}`, {
        ...whyOtherwise(spec, service, observed.table),
        charts,
      });
    return fail(
      expected,
      `the window from connection ${wrong.start + 1} was shared ${wrong.got.join(':')} instead of ${wrong.expected.join(':')}: ${show(seen)}`,
      {
        ...whyOtherwise(spec, service, observed.table),
        charts,
      },
    );
  },
});
