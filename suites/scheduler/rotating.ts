import type { Lab } from '../../src/model/lab.ts';
import { hostSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { clientOf, list, serviceOf, targetOf } from '../common/subjects.ts';
import { leavesCycle, repeats, shares, weightedPeriod, wrongWindow } from './oracle/rotation.ts';

interface Sequence {
  /** Names of the real servers in the kernel's own order, which the last one added heads. */
  order: string[];
  /** Who answered each connection, in their order; `?` where nobody did. */
  seen: string[];
}

async function sequenceOf(lab: Lab, service: ServiceSpec, count: number): Promise<Sequence> {
  const director = lab.host(await activeDirector(lab, service.vip));
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const answers = await prober.requests(targetOf(service), { count });
  const byIp = new Map(lab.spec.hosts.map((host) => [host.ip, host.name]));
  return {
    order: (await ipvs.order(director, service)).map((ip) => byIp.get(ip) ?? ip),
    seen: answers.map(({ server }) => server ?? '?'),
  };
}

const editScheduler = (from: string, to: string) =>
  onDirectors((spec) => {
    const { vip, port } = serviceOf(spec, 'tcp', from);
    return `ipvsadm -E -t ${vip}:${port} -s ${to}`;
  });

const show = (seen: string[]): string =>
  seen.length > 18 ? `${seen.slice(0, 18).join(' ')} …` : seen.join(' ');

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
  mutants: [
    {
      id: 'scheduler-sh',
      breaks: 'the service uses sh instead of rr',
      change: editScheduler('rr', 'sh'),
      reason: /left the cycle/,
    },
    {
      id: 'scheduler-wrr',
      breaks: 'the service uses wrr with unequal weights instead of rr',
      change: onDirectors((spec) => {
        const { vip, port, realServers } = serviceOf(spec, 'tcp', 'rr');
        const rip = hostSpec(spec, realServers[0]?.name ?? '').ip;
        return `ipvsadm -E -t ${vip}:${port} -s wrr; ipvsadm -e -t ${vip}:${port} -r ${rip}:${port} -g -w 5`;
      }),
      reason: /left the cycle/,
    },
  ],
  observe: ({ lab }) => {
    const service = serviceOf(lab.spec, 'tcp', 'rr');
    return sequenceOf(lab, service, Math.max(12, 4 * Math.min(service.realServers.length, 25)));
  },
  judge({ order, seen }, { spec }) {
    const service = serviceOf(spec, 'tcp', 'rr');
    const names = service.realServers.filter((server) => server.weight > 0).map((server) => server.name);
    const expected = `the cycle ${show(order)}`;
    if (seen.length === 0) return inconclusive(expected, 'no connection was tried');
    if (seen.includes('?')) return inconclusive(expected, `not every connection was answered: ${show(seen)}`);
    if (new Set(order).size !== new Set(names).size)
      return fail(expected, `the table holds ${list(order)}; the lab has ${list(names)}`, {
        cause: 'real servers are missing from the table of the director',
        remedy: `ipvsadm -a -t ${service.vip}:${service.port} -r RIP -g`,
      });
    const left = leavesCycle(seen, order);
    if (left === undefined) return pass(expected, `${seen.length} connections, all in turn: ${show(seen)}`);
    return fail(expected, `connection ${left + 1} left the cycle: ${show(seen)}`, {
      cause: 'the service is not scheduled by rr, or something else opens connections to it',
      remedy: `ipvsadm -E -t ${service.vip}:${service.port} -s rr`,
    });
  },
});

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
  mutants: [
    {
      id: 'weight-doubled',
      breaks: 'the weight of one real server mistyped',
      change: onDirectors((spec) => {
        const { vip, port, realServers } = serviceOf(spec, 'tcp', 'wrr');
        const first = realServers[0];
        const rip = hostSpec(spec, first?.name ?? '').ip;
        return `ipvsadm -e -t ${vip}:${port} -r ${rip}:${port} -g -w ${7 * (first?.weight ?? 1)}`;
      }),
      reason: /window/,
    },
    {
      id: 'scheduler-sh',
      breaks: 'the service uses sh instead of wrr',
      change: editScheduler('wrr', 'sh'),
      reason: /window/,
    },
  ],
  observe: ({ lab }) => {
    const service = serviceOf(lab.spec, 'tcp', 'wrr');
    const total = service.realServers.reduce((sum, server) => sum + server.weight, 0);
    return sequenceOf(lab, service, Math.min(3 * Math.max(total, 4), 300));
  },
  judge({ order, seen }, { spec }) {
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
    const period = weightedPeriod(order.flatMap((name) => servers.filter((server) => server.name === name)));
    if (!wrong && repeats(seen, period))
      return pass(expected, `${seen.length} connections: ${show(seen)}`, { charts });
    if (!wrong)
      return fail(expected, `shared by weight, but not in the order ${show(period)}: ${show(seen)}`, {
        cause: 'the service is not scheduled by wrr, or something else opens connections to it',
        remedy: `ipvsadm -E -t ${service.vip}:${service.port} -s wrr`,
        charts,
      });
    return fail(
      expected,
      `the window from connection ${wrong.start + 1} was shared ${wrong.got.join(':')} instead of ${wrong.expected.join(':')}: ${show(seen)}`,
      {
        cause: 'weights in the table differ from those of the lab, or the service is not scheduled by wrr',
        remedy: `ipvsadm -E -t ${service.vip}:${service.port} -s wrr; ipvsadm -e … -w WEIGHT`,
        charts,
      },
    );
  },
});
