import { hasIpvs } from '../../../src/model/director-kinds.ts';
import { entryOf } from '../../../src/model/ipvs-words.ts';
import type { LabSpec, ServiceSpec } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { isIpv6 } from '../../../src/util/ipv6.ts';
import { functional } from '../../common/coassert.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onDirectors } from '../../common/mutate.ts';
import { on } from '../../common/remedy.ts';
import { clientOf, list, targetOf } from '../../common/subjects.ts';
import { serviceAt } from '../../common/tables.ts';
import { ports, variety } from '../staged.ts';

interface OnePacket {
  director: string;
  realServers: number;
  answers: Pick<Answer, 'ok' | 'server' | 'error'>[];
  entries: number;
}

const withoutFlag = (spec: LabSpec): LabSpec => ({
  ...spec,
  services: spec.services.map(({ onePacket: _, ...service }) => service),
});

/** Each datagram of a round goes elsewhere. */
const rotates = ({ protocol, vip, onePacket, scheduler, realServers }: ServiceSpec): boolean =>
  protocol === 'udp' &&
  onePacket === true &&
  scheduler === 'rr' &&
  !isIpv6(vip) &&
  realServers.filter(({ weight }) => weight > 0).length === realServers.length &&
  realServers.length > 1;

/** That of the stage, whatever a mutant made of it, or the first of the lab as written. */
function onePacketService(spec: LabSpec): ServiceSpec {
  if (spec.stage !== undefined) return serviceAt(spec, ports.onePacket);
  const service = spec.services.find(rotates);
  if (!service) throw new NotInLab(`lab «${spec.name}» has no UDP service with one-packet scheduling and rr`);
  return service;
}

/** Linux IP_VS_SVC_F_ONEPACKET. ipvsadm refuses the flag for TCP: «only for UDP virtual services». */
export const datagramsRotate = functional<OnePacket>({
  id: 'PP-12',
  suite: 'path',
  level: 'should',
  title: 'with one-packet scheduling every datagram is scheduled again',
  requirement:
    'Under --ops and rr the datagrams of one socket go to the real servers in strict rotation and leave no entry.',
  source: 'ipvsadm(8) --ops; Linux IP_VS_SVC_F_ONEPACKET',
  needs: ['ipvs', 'director', 'severalRealServers'],
  stage: variety,
  own: {
    subject: 'a udp service with one-packet scheduling and rr',
    has: (spec) => hasIpvs(spec.director.kind) && spec.services.some(rotates),
    needs: ['ipvs', 'director'],
    vantages: { clients: true, services: { protocol: 'udp', fits: rotates } },
  },
  mutants: [
    {
      id: 'without-ops',
      breaks: 'the UDP service without --ops',
      change: (spec) =>
        spec.stage === undefined
          ? onDirectors((lab) => `ipvsadm -E ${entryOf(onePacketService(lab))} -s rr`)(spec)
          : withoutFlag(spec),
      reason: /1 entry.*has no --ops/,
    },
  ],
  async observe({ lab }) {
    const service = onePacketService(lab.spec);
    const client = clientOf(lab.spec);
    const director = await activeDirector(lab, service.vip);
    const prober = await proberOn(lab, client.name);
    const target = targetOf(service);
    const answers = await prober.datagrams(target, { count: 2 * service.realServers.length });
    const table = await ipvs.connections(lab.host(director));
    return {
      director,
      realServers: service.realServers.length,
      answers: answers.map(({ ok, server, error }) => ({
        ok,
        ...(server && { server }),
        ...(error && { error }),
      })),
      entries: table.filter((one) => one.protocol === 'udp' && one.vport === service.port).length,
    };
  },
  judge({ director, realServers, answers, entries }, { spec }) {
    const service = onePacketService(spec);
    const expected = `${answers.length} datagrams of one socket to ${realServers} real servers in turn, no entry`;
    const order = answers.map((answer) => answer.server ?? answer.error ?? '');
    if (!answers.some((answer) => answer.ok)) return inconclusive(expected, 'no datagram was answered');
    const seen = `answers of ${order.join(' ')}; ${entries === 1 ? '1 entry' : `${entries} entries`}`;
    const round = order.slice(0, realServers);
    const rotates =
      answers.every((answer) => answer.ok) &&
      new Set(round).size === realServers &&
      order.every((server, i) => server === round[i % realServers]);
    if (rotates && entries === 0) return pass(expected, seen);
    if (entries === 0 && answers.some((answer) => !answer.ok))
      return inconclusive(expected, `not every datagram was answered; ${seen}`);
    return fail(expected, seen, {
      cause:
        entries > 0
          ? `the service on ${director} has no --ops: datagrams follow an entry`
          : `datagrams were lost, or ${list(order)} do not take turns`,
      remedy: on(director, `ipvsadm -E ${entryOf(service)} -s rr -o`),
    });
  },
});
