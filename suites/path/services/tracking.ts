import type { Mutant } from '../../../src/model/check.ts';
import { methodsIn } from '../../../src/model/forwarding.ts';
import { entryOf } from '../../../src/model/ipvs-words.ts';
import type { LabSpec, ServiceSpec } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { NotInLab, TimedOut } from '../../../src/util/errors.ts';
import { until } from '../../../src/util/until.ts';
import { functional } from '../../common/coassert.ts';
import { onSecondVip } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, everyHost, filtersOn, on } from '../../common/remedy.ts';
import { clientOf, list, serviceOf, targetOf } from '../../common/subjects.ts';
import { everyClient, everywhere } from '../../common/vantages.ts';

interface Entries {
  connections: number;
  whileHeld: ipvs.Connection[];
  afterClose: ipvs.Connection[];
}

const finDropped: Mutant = {
  id: 'fin-dropped',
  breaks: 'the director drops segments with FIN, as an INVALID rule does',
  change: onDirectors(
    (spec) =>
      `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 ingress protocol ip u32 match ip dst ${serviceOf(spec, 'tcp').vip}/32 match ip protocol 6 0xff match u8 0x01 0x01 at 33 action drop`,
  ),
  reason: /after the close ESTABLISHED/,
};

/** Linux ip_vs_proto_tcp.c, tcp_states INPUT_ONLY: DR sees client packets only, and follows them. */
export const entriesFollowClient = functional<Entries>({
  id: 'CT-01',
  differsBy: 'nat',
  suite: 'path',
  level: 'must',
  title: 'one entry per connection, in the state that the client shows',
  requirement:
    'An open connection is ESTABLISHED, one that the client has closed is FIN_WAIT for at most 120 s; TIME_WAIT with NAT, which sees the answers, too.',
  source: 'Linux tcp_states[INPUT_ONLY], tcp_timeouts; ipvsadm(8)',
  needs: ['ipvs', 'director'],
  vantages: everywhere('tcp'),
  presumes: ['allServersAnswer'],
  mutants: [
    finDropped,
    {
      id: 'long-fin-timeout',
      breaks: 'a FIN timeout of an hour',
      change: onDirectors(() => 'ipvsadm --set 0 3600 0'),
      reason: /expire in/,
    },
    onSecondVip(finDropped),
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const client = clientOf(lab.spec);
    const director = lab.host(await activeDirector(lab, service.vip));
    const prober = await proberOn(lab, client.name);
    const connections = 2 * service.realServers.length;
    const held = await prober.hold(targetOf(service), { count: connections });
    const ports = new Set(held.answers.map((answer) => answer.localPort));
    const entries = async () =>
      (await ipvs.connections(director)).filter((one) => one.cip === client.ip && ports.has(one.cport));
    const whileHeld = await entries();
    await evidence.save('connections.txt', await ipvs.text(director));
    await held.close();
    let afterClose = await entries();
    const closed = async () => {
      afterClose = await entries();
      return afterClose.every((one) => one.state === closedState(service)) || undefined;
    };
    await until('the FINs to arrive', closed, { withinMs: 2_000, everyMs: 50 }).catch((error) => {
      if (!(error instanceof TimedOut)) throw error;
    });
    return { connections, whileHeld, afterClose };
  },
  judge({ connections, whileHeld, afterClose }, { spec }) {
    const closed = closedState(serviceOf(spec, 'tcp'));
    const expected = `${connections} entries, ESTABLISHED while held, ${closed} for at most ${spec.director.timeouts?.tcpFinS ?? 120} s after the close`;
    const { tcpS = 900, tcpFinS = 120, udpS = 300 } = spec.director.timeouts ?? {};
    const states = (entries: ipvs.Connection[]): string => list(entries.map((entry) => entry.state));
    const longest = Math.max(0, ...afterClose.map((entry) => entry.expiresS));
    const seen = `${whileHeld.length} entries, while held ${states(whileHeld)}, after the close ${states(afterClose)}`;
    if (whileHeld.length === 0) return inconclusive(expected, 'no entry for any connection was found');
    const wrong =
      whileHeld.length !== connections ||
      whileHeld.some((entry) => entry.state !== 'ESTABLISHED') ||
      afterClose.some((entry) => entry.state !== closed);
    if (wrong)
      return fail(expected, seen, {
        cause: 'the director does not see or does not accept all segments of the client (FIN or ACK missing)',
        remedy: [
          ...on(everyHost(spec, 'director'), 'iptables -S', filtersOn(spec, 'ingress')),
          ...advice('accept everything for the VIP without state: no INVALID drop, no filter on flags'),
        ],
      });
    if (afterClose.length < connections) return inconclusive(expected, `entries are missing; ${seen}`);
    if (longest > tcpFinS)
      return fail(expected, `${seen}, which expire in up to ${longest} s`, {
        cause: 'the FIN timeout was raised',
        remedy: on(everyHost(spec, 'director'), `ipvsadm --set ${tcpS} ${tcpFinS} ${udpS}`),
      });
    return pass(expected, seen);
  },
});

/** Linux ip_vs_proto_tcp.c: who sees the client alone goes by tcp_states[INPUT_ONLY], and never to TIME_WAIT. */
const closedState = (service: ServiceSpec): string =>
  methodsIn(service).includes('nat') ? 'TIME_WAIT' : 'FIN_WAIT';

const keepsFlows = ({ onePacket }: ServiceSpec): boolean => !onePacket;

/** The first whose flows have entries. */
function flowService(spec: LabSpec): ServiceSpec {
  const service = spec.services.find((one) => one.protocol === 'udp' && keepsFlows(one));
  if (!service)
    throw new NotInLab(`every UDP service of lab «${spec.name}» schedules each datagram by itself`);
  return service;
}

interface Datagrams {
  answers: Answer[];
  entries: ipvs.Connection[];
}

const onePacket: Mutant = {
  id: 'one-packet',
  breaks: 'one-packet scheduling (--ops) on the UDP service',
  change: onDirectors((spec) => {
    return `ipvsadm -E ${entryOf(serviceOf(spec, 'udp'))} -s rr -o`;
  }),
  reason: /answered by rs.* and rs/,
};

/** Linux ip_vs_proto_udp.c, udp_timeouts: 300 s; one entry for one pair of addresses and ports. */
export const datagramsStayTogether = functional<Datagrams>({
  id: 'PP-11',
  suite: 'path',
  level: 'must',
  title: 'datagrams of one socket go to one real server',
  requirement: 'A UDP flow has one entry, which expires 300 s after its last datagram.',
  source: 'Linux udp_timeouts; ipvsadm(8) --ops',
  needs: ['udpService', 'ipvs', 'severalRealServers'],
  vantages: { ...everyClient, services: { protocol: 'udp', fits: keepsFlows } },
  follows: ['allServersAnswer'],
  mutants: [onePacket, onSecondVip(onePacket, 'udp')],
  async observe({ lab }) {
    const service = flowService(lab.spec);
    const client = clientOf(lab.spec);
    const director = lab.host(await activeDirector(lab, service.vip));
    const prober = await proberOn(lab, client.name);
    const answers = await prober.datagrams(targetOf(service), { count: 8, sockets: 1 });
    const ports = new Set(answers.map((answer) => answer.localPort));
    const entries = await ipvs.connections(director);
    return {
      answers,
      entries: entries.filter(
        (one) => one.protocol === 'udp' && one.cip === client.ip && ports.has(one.cport),
      ),
    };
  },
  judge({ answers, entries }, { spec }) {
    const udp = flowService(spec);
    const { tcpS = 900, tcpFinS = 120, udpS = 300 } = spec.director.timeouts ?? {};
    const expected = `${answers.length} datagrams answered by one real server, one entry of at most ${udpS} s`;
    const answered = answers.filter((answer) => answer.ok);
    if (answered.length === 0) return inconclusive(expected, 'no datagram was answered');
    const servers = list(answered.map((answer) => answer.server ?? ''));
    const seen = `${answered.length} of ${answers.length} answered by ${servers}; ${entries.length} entries`;
    const one = new Set(answered.map((answer) => answer.server)).size === 1;
    const fine = one && answered.length === answers.length && entries.length === 1;
    if (fine && (entries[0]?.expiresS ?? 0) <= udpS) return pass(expected, seen);
    if (one && entries.length === 1 && answered.length < answers.length)
      return inconclusive(expected, `not every datagram was answered; ${seen}`);
    return fail(expected, seen, {
      cause: one
        ? 'datagrams were lost or the entry does not last'
        : 'the service schedules every datagram (--ops)',
      remedy: on(
        everyHost(spec, 'director'),
        `ipvsadm -E ${entryOf(udp)} -s ${udp.scheduler}`,
        `ipvsadm --set ${tcpS} ${tcpFinS} ${udpS}`,
      ),
    });
  },
});
