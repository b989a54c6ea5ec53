import { elsewhere } from '../../../src/model/free-addresses.ts';
import type { RemedyStep } from '../../../src/model/remedy.ts';
import { type HostSpec, hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import { functional } from '../../common/coassert.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { nameOfFirst, onDirectors } from '../../common/mutate.ts';
import { deviceAt, everyHost, on } from '../../common/remedy.ts';
import { expectReshapable } from '../../common/reshaping.ts';
import { type Change, oneIpvsDirector, stage } from '../../common/stages.ts';
import { clientOf, list, realServersOf, serviceOf, targetOf } from '../../common/subjects.ts';

/*
 *   one segment:  client 198.18.x  director 198.18.x  rs2 198.18.x
 *                 VIP 198.19.77.100                   rs1 198.19.78.11
 */

const { vip, network: otherNet, rip: otherRip } = elsewhere;

const onSegment = ({ segment, role }: HostSpec): boolean =>
  segment === 'lan' && (role === 'client' || role === 'router');

/** The VIP and one RIP in networks of their own; everybody has routes onto the segment for them, and no gateway. */
const scattered: Change = (spec) => {
  expectReshapable(spec, 'keep their addresses');
  const first = nameOfFirst(spec, 'realServer');
  const { base, prefixLength } = spec.network;
  const routes = spec.hosts.flatMap((host) => [
    ...(onSegment(host) ? [`ip -n ${host.name} route add ${vip}/32 dev eth0`] : []),
    ...(onSegment(host) || host.role === 'director'
      ? [`ip -n ${host.name} route add ${otherNet} dev eth0`]
      : []),
    ...(host.name === first ? [`ip -n ${host.name} route add ${base}/${prefixLength} dev eth0`] : []),
  ]);
  return {
    ...spec,
    services: spec.services.map((service) => ({ ...service, vip })),
    hosts: spec.hosts.map((host) => {
      if (host.name !== first) return host;
      const { gateway: _, ...rest } = host;
      return { ...rest, ip: otherRip, prefixLength: 24 };
    }),
    hooks: { ...spec.hooks, afterApply: [...spec.hooks.afterApply, ...routes] },
  };
};

const subnets = stage(
  'subnets',
  'one director set with ipvsadm; the VIP and one RIP in other subnets of the same segment',
  oneIpvsDirector,
  scattered,
);

interface Scattered {
  director: string;
  answers: Pick<Answer, 'ok' | 'server' | 'error'>[];
  /** `ip route get RIP` of the director, by real server. */
  routes: { host: string; route: string }[];
}

/** DR needs the same segment, not the same subnet: a route lookup says which neighbour to ask for. */
export const subnetsMayDiffer = functional<Scattered>({
  id: 'TOP-02',
  suite: 'path',
  level: 'should',
  title: 'VIP and RIPs may be in other subnets, as long as the segment is the same',
  requirement:
    'What counts for DR is that director and real servers share a segment; their subnets may differ.',
  source: 'LVS-HOWTO, LVS-DR; Linux __ip_vs_get_out_rt()',
  needs: ['director', 'ipvs', 'directClient', 'severalRealServers'],
  stage: subnets,
  mutants: [
    {
      id: 'no-route',
      breaks: 'the director has no route onto the segment for the subnet of one real server',
      change: onDirectors(() => `ip route del ${otherNet} dev eth0`),
      reason: /none from rs1.*d1 has no route/,
    },
  ],
  async observe({ lab }) {
    const service = serviceOf(lab.spec, 'tcp');
    const director = nameOfFirst(lab.spec, 'director');
    const servers = realServersOf(lab.spec, service);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const count = 2 * servers.length;
    const answers = await prober.requests(targetOf(service), { count, parallel: count, timeoutMs: 1_500 });
    const script = servers.map(({ ip }) => `ip -o route get ${ip} 2>&1 || :`).join('; ');
    const lines = (await lab.host(director).exec(script)).stdout.trim().split('\n');
    return {
      director,
      answers: answers.map(({ ok, server, error }) => ({
        ok,
        ...(server && { server }),
        ...(error && { error }),
      })),
      routes: servers.map(({ name }, i) => ({ host: name, route: lines[i] ?? '' })),
    };
  },
  judge({ director, answers, routes }, { spec }) {
    const names = hostsOf(spec, 'realServer').map((host) => host.name);
    const expected = `${answers.length} of ${answers.length} connections answered, by ${list(names)}`;
    if (answers.length === 0) return inconclusive(expected, 'no connection was tried');
    const good = answers.filter((answer) => answer.ok);
    const missing = names.filter((name) => !good.some((answer) => answer.server === name));
    const errors = list(answers.flatMap((answer) => answer.error ?? []));
    if (missing.length === 0 && good.length === answers.length)
      return pass(
        expected,
        `${good.length} were; ${routes.map(({ route }) => route.split(' uid')[0]).join('; ')}`,
      );
    const blocked = routes.filter(({ route }) => / via |unreachable/i.test(route)).map((one) => one.host);
    return fail(expected, `${good.length} were, none from ${list(missing)}; errors: ${errors}`, {
      cause:
        blocked.length > 0
          ? `${director} has no route onto the segment for ${list(blocked)}`
          : `${list(missing)} does not answer: no route back to the client, or no VIP`,
      remedy: remedy(spec, director, blocked),
    });
  },
});

const remedy = (spec: LabSpec, director: string, hosts: string[]): RemedyStep[] =>
  hosts.length > 0
    ? on(director, `ip route add ${otherNet} dev ${deviceAt(spec, director)}`)
    : on(everyHost(spec, 'realServer'), `ip route get ${clientOf(spec).ip}`, 'ip addr show dev lo');
