import { check } from '../../../src/model/check.ts';
import { hasIpvs } from '../../../src/model/director-kinds.ts';
import { driverTraitsOf } from '../../../src/model/driver-traits.ts';
import { isDirect } from '../../../src/model/forwarding.ts';
import { hostSpec, type LabSpec, type ServiceSpec } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { isIpv6 } from '../../../src/util/ipv6.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { routed } from '../../common/stages.ts';
import { list, realServersOf, serviceOf, targetOf } from '../../common/subjects.ts';

interface FromWithin {
  server: string;
  director: string;
  /** Connections to the VIP from the real server, and from the director with its DIP. */
  fromServer: Answer[];
  fromDirector: Answer[];
}

/** A service whose VIP real servers have, and whose director is none of them. */
const isOwn = (spec: LabSpec, service: ServiceSpec): boolean =>
  service.protocol === 'tcp' &&
  isDirect(service) &&
  !isIpv6(service.vip) &&
  service.realServers.every(({ name }) => hostSpec(spec, name).role === 'realServer');

const serviceFromWithin = (spec: LabSpec): ServiceSpec =>
  spec.services.find((one) => isOwn(spec, one)) ?? serviceOf(spec, 'tcp');

/** Known limits of direct routing, which surprise whoever tests a service from one of its own hosts. */
export const limitsFromWithin = check<FromWithin>({
  id: 'RP-08',
  suite: 'path',
  level: 'should',
  title: 'a real server reaches itself at the VIP, and the director reaches no server',
  requirement:
    'Connections to the VIP from a real server stay on it; those from the director are answered from an address of its own, which it drops.',
  source: 'Linux local routing table, fib_validate_source(); ip-sysctl.rst accept_local',
  needs: ['ipvs', 'director'],
  stage: routed,
  own: {
    subject: 'a tcp service of DR',
    has: (spec) =>
      hasIpvs(spec.director.kind) &&
      driverTraitsOf(spec).existingHosts === undefined &&
      spec.director.announce === undefined &&
      spec.services.some((one) => isOwn(spec, one)),
  },
  mutants: [
    {
      id: 'director-accepts-itself',
      breaks: 'accept_local=1 on the director, so that answers from its own address are taken',
      change: onDirectors(() => 'sysctl -qw net.ipv4.conf.all.accept_local=1'),
      reason: /d1 .*accept_local/,
    },
  ],
  async observe({ lab }) {
    const service = serviceFromWithin(lab.spec);
    const [server] = realServersOf(lab.spec, service);
    const director = hostSpec(lab.spec, await activeDirector(lab, service.vip));
    if (!server) throw new Error('the service has no real server');
    const [there, here] = await Promise.all([proberOn(lab, server.name), proberOn(lab, director.name)]);
    const ask = { count: 4, parallel: 4, timeoutMs: 400 };
    const [fromServer, fromDirector] = await Promise.all([
      there.requests(targetOf(service), ask),
      here.requests(targetOf(service), { ...ask, localAddress: director.ip }),
    ]);
    return { server: server.name, director: director.name, fromServer, fromDirector };
  },
  judge({ server, director, fromServer, fromDirector }, { spec }) {
    const expected = `${server} is answered by ${server}, ${director} by no host`;
    const by = (answers: Answer[]): string => list(answers.map((one) => one.server ?? one.error ?? '?'));
    const seen = `${server} was answered by ${by(fromServer)}, ${director} by ${by(fromDirector)}`;
    if (fromServer.length === 0 || fromDirector.length === 0)
      return inconclusive(expected, 'no connection was tried');
    if (fromDirector.some((one) => one.ok))
      return fail(expected, seen, {
        cause: `${director} takes packets that come from its own address: accept_local=1`,
        remedy: [
          ...on(director, 'sysctl -w net.ipv4.conf.all.accept_local=0'),
          ...advice('unless health checks through the VIP need it'),
        ],
      });
    if (fromServer.some((one) => one.server !== server))
      return fail(expected, seen, {
        cause: `${server} does not keep packets for the VIP: it is no local address there, or its service does not listen on it`,
        remedy: on(server, `ip route get ${serviceFromWithin(spec).vip}`, 'ss -ltn'),
      });
    return pass(expected, seen);
  },
});
