import type { Mutant } from '../../../src/model/check.ts';
import { check } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec, type LabSpec } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import { tcpFrame } from '../../../src/probe/frame.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { craftedPort } from '../../common/crafted-ports.ts';
import { dropOnDirectors, onSecondVip } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onDirectors, sysctls } from '../../common/mutate.ts';
import { advice, filtersOn, on } from '../../common/remedy.ts';
import {
  clientOf,
  isFrom,
  list,
  nameOfMac,
  observerOf,
  realServersOf,
  serviceOf,
} from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { sendFrom, wayToVip } from '../crafted.ts';

/** What comes back when something is sent that the director must not forward. */
interface Stray {
  director: string;
  sent: number;
  resets: { mac: string }[];
  /** Frames of the same connection that a director sent to a real server. */
  forwarded: number;
  entries: number;
}

/** Linux ip_vs_proto_tcp.c, tcp_conn_schedule(): only a SYN is scheduled unless sloppy_tcp is set. */
export const strayAckNotScheduled = check<Stray>({
  id: 'PP-07',
  suite: 'path',
  level: 'must',
  title: 'a segment without a connection is not scheduled',
  requirement:
    'A bare ACK for which no entry exists creates none and is answered by a reset from the director.',
  source: 'Linux tcp_conn_schedule(); ipvs-sysctl.rst (sloppy_tcp)',
  needs: ['capture', 'inject', 'ipvs', 'director'],
  vantages: everywhere('tcp'),
  presumes: ['framesToDirector'],
  mutants: [
    {
      id: 'sloppy-tcp',
      breaks: 'sloppy_tcp=1 on the director',
      change: sysctls('director', { 'net.ipv4.vs.sloppy_tcp': '1' }),
      reason: /created an entry|went on to a real server/,
    },
    dropOnDirectors(
      {
        id: 'resets-dropped',
        breaks: 'the director may send no TCP to one client',
        reason: /no entry, and a reset from none/,
      },
      'egress',
      (_, { ip }) => `match ip dst ${ip}/32 match ip protocol 6 0xff`,
    ),
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const way = await wayToVip(lab);
    const { client, director } = way;
    const capture = await lab.capture({ filter: `tcp port ${craftedPort.stray}` });
    const ack = tcpFrame({
      ...way.ends,
      srcPort: craftedPort.stray,
      dstPort: service.port,
      seq: 1000,
      ack: 2000,
      flags: ['ack'],
    });
    await sendFrom(lab, way, [ack]);
    const pcap = await capture.stop();
    const table = await ipvs.connections(lab.host(director.name));
    await evidence.save('stray-ack.pcap', pcap);
    const frames = decodePcap(pcap);
    return {
      director: director.name,
      sent: frames.filter(
        (frame) => frame.tcp?.srcPort === craftedPort.stray && frame.src === way.lastHop.mac,
      ).length,
      resets: frames
        .filter((f) => f.tcp?.flags.rst && f.tcp.dstPort === craftedPort.stray)
        .map((f) => ({ mac: f.src })),
      forwarded: frames.filter((f) => f.tcp?.srcPort === craftedPort.stray && isFrom(f.src, director)).length,
      entries: table.filter((entry) => entry.cport === craftedPort.stray && entry.cip === client.ip).length,
    };
  },
  judge({ director, sent, resets, forwarded, entries }, { spec }) {
    const expected = `a reset from ${director}, no entry, nothing forwarded`;
    if (sent === 0) return inconclusive(expected, 'our segment was not seen on the wire');
    const from = list(resets.map((reset) => nameOfMac(spec, reset.mac)));
    const remedy = on(director, 'sysctl -w net.ipv4.vs.sloppy_tcp=0');
    if (entries > 0 || forwarded > 0)
      return fail(
        expected,
        entries > 0 ? 'the bare ACK created an entry' : 'the bare ACK went on to a real server',
        { cause: `${director} schedules any segment: sloppy_tcp is on`, remedy },
      );
    if (resets.some((reset) => isFrom(reset.mac, hostSpec(spec, director))))
      return pass(expected, `reset from ${from}`);
    const past = pastDirector(spec, director, resets);
    if (past) return fail(expected, `no entry, and a reset from ${from}`, past);
    return fail(expected, `no entry, and a reset from ${from}`, {
      cause: 'a firewall swallows the segment or the reset',
      remedy: [
        ...on(director, 'iptables -vnL', 'nft list ruleset'),
        ...advice(`let TCP resets out of ${director}, and segments for the VIP in`),
      ],
    });
  },
});

/** Who refuses in place of the director got what should have gone there. */
function pastDirector(spec: LabSpec, director: string, refusals: { mac: string }[]) {
  const others = refusals.filter(({ mac }) => !isFrom(mac, hostSpec(spec, director)));
  if (others.length === 0) return undefined;
  const who = list(others.map(({ mac }) => nameOfMac(spec, mac)));
  const { vip } = serviceOf(spec, 'tcp');
  return {
    cause: `${who} refused it in place of ${director}: packets for ${vip} go past the director (ARP-02, PP-05)`,
    remedy: on(observerOf(spec).name, `ip neigh show to ${vip}`),
  };
}

interface Refusal {
  director: string;
  answers: Answer[];
  /** Who sent the refusal, by MAC, and what it was. */
  refusals: { mac: string; kind: 'reset' | 'unreachable' }[];
  forwarded: number;
}

/** Connects to a port of the VIP and watches who refuses it. */
async function refusalOf(
  lab: Lab,
  port: number,
  save: (pcap: Uint8Array) => Promise<void>,
): Promise<Refusal> {
  const service = serviceOf(lab.spec, 'tcp');
  const client = clientOf(lab.spec);
  const director = hostSpec(lab.spec, await activeDirector(lab, service.vip));
  const prober = await proberOn(lab, client.name);
  const capture = await lab.capture({ filter: `(tcp port ${port} and host ${service.vip}) or icmp` });
  const answers = await prober.requests({ ip: service.vip, port }, { count: 3, timeoutMs: 1_000 });
  const pcap = await capture.stop();
  await save(pcap);
  const frames = decodePcap(pcap);
  return {
    director: director.name,
    answers,
    refusals: frames.flatMap((frame): Refusal['refusals'] => {
      if (frame.tcp?.flags.rst && frame.tcp.srcPort === port) return [{ mac: frame.src, kind: 'reset' }];
      const { icmp } = frame;
      const ours = icmp?.type === 3 && icmp.code === 3 && icmp.quoted?.dstPort === port;
      return ours && frame.ip?.src === service.vip ? [{ mac: frame.src, kind: 'unreachable' }] : [];
    }),
    forwarded: frames.filter((frame) => frame.tcp?.dstPort === port && isFrom(frame.src, director)).length,
  };
}

/** The client was told, and the capture has nothing of it. */
const unseen = ({ answers, refusals }: Pick<Refusal, 'answers' | 'refusals'>): boolean =>
  refusals.length === 0 && answers.every((one) => one.error === 'refused');

const unusedPort = 9;

const allPortsService: Mutant = {
  id: 'all-ports-service',
  breaks: 'a persistent service on port 0, which covers every port',
  change: onDirectors((spec) => {
    const { vip } = serviceOf(spec, 'tcp');
    const servers = realServersOf(spec, serviceOf(spec, 'tcp'));
    const added = servers.map(({ ip }) => `ipvsadm -a -t ${vip}:0 -r ${ip} -g`);
    return [`ipvsadm -A -t ${vip}:0 -s rr -p 60`, ...added].join('\n');
  }),
  reason: /forwarded to a real server/,
};

/** Linux ip_vs_core.c: what no service matches goes on to the local stack. */
export const unservedPortStays = check<Refusal>({
  id: 'PP-09',
  suite: 'path',
  level: 'must',
  title: 'a port without a service is refused by the director itself',
  requirement: 'Connections to a port of the VIP that no service covers never reach a real server.',
  source: 'Linux ip_vs_in(); ipvsadm(8)',
  needs: ['capture', 'ipvs', 'director'],
  presumes: ['vipAtDirector', 'framesToDirector'],
  vantages: everywhere('tcp'),
  mutants: [allPortsService, onSecondVip(allPortsService)],
  observe: ({ lab, evidence }) => refusalOf(lab, unusedPort, (pcap) => evidence.save('refused.pcap', pcap)),
  judge({ director, answers, refusals, forwarded }, { spec }) {
    const expected = `port ${unusedPort} refused by a reset from ${director}, nothing forwarded`;
    if (answers.length === 0) return inconclusive(expected, 'no connection was tried');
    if (forwarded > 0)
      return fail(expected, `${forwarded} frames for port ${unusedPort} were forwarded to a real server`, {
        cause: 'a service with port 0 covers every port of the VIP',
        remedy: on(director, 'ipvsadm -Ln', `ipvsadm -D -t ${serviceOf(spec, 'tcp').vip}:0`),
      });
    const own = hostSpec(spec, director);
    if (unseen({ answers, refusals }))
      return inconclusive(expected, 'refused, and no host was seen refusing it');
    if (
      answers.every((one) => one.error === 'refused') &&
      refusals.every((one) => isFrom(one.mac, own) && one.kind === 'reset')
    )
      return pass(expected, `${answers.length} of ${answers.length} were`);
    const past = pastDirector(spec, director, refusals);
    if (past) return fail(expected, `answers: ${list(answers.map((one) => one.error ?? ''))}`, past);
    return fail(expected, `answers: ${list(answers.map((one) => one.error ?? `served by ${one.server}`))}`, {
      cause: 'a firewall swallows the reset, or something listens there',
      remedy: on(director, 'ss -ltn', 'nft list ruleset'),
    });
  },
});

const emptyPort = 9_999;

const emptyService = ({ vip }: { vip: string }, rip: string): string =>
  `ipvsadm -A -t ${vip}:${emptyPort} -s rr && ipvsadm -a -t ${vip}:${emptyPort} -r ${rip} -g -w 0`;

const dropIcmp = (_spec: LabSpec): string =>
  `tc qdisc add dev eth0 clsact
   tc filter add dev eth0 egress protocol ip u32 match ip protocol 1 0xff action drop`;

/** Linux ip_vs_core.c, ip_vs_leave(): ICMP port unreachable when no destination is left. */
export const noServerRefuses = check<Refusal>({
  id: 'PP-08',
  suite: 'path',
  level: 'must',
  title: 'without an available real server the client is refused at once',
  requirement: 'When every weight is 0 the director answers with ICMP port unreachable from the VIP.',
  source: 'Linux ip_vs_leave()',
  needs: ['capture', 'ipvs', 'director'],
  presumes: ['vipAtDirector', 'framesToDirector'],
  vantages: everywhere('tcp'),
  mutants: [
    {
      id: 'icmp-dropped',
      breaks: 'the director may not send ICMP',
      change: onDirectors(dropIcmp),
      reason: /timeout/,
    },
    dropOnDirectors(
      {
        id: 'icmp-to-one-dropped',
        breaks: 'the director may send no ICMP to one client',
        reason: /timeout/,
      },
      'egress',
      (_, { ip }) => `match ip dst ${ip}/32 match ip protocol 1 0xff`,
    ),
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const director = lab.host(await activeDirector(lab, service.vip));
    await director.exec(emptyService(service, realServersOf(lab.spec, service)[0]?.ip ?? ''));
    try {
      return await refusalOf(lab, emptyPort, (pcap) => evidence.save('unreachable.pcap', pcap));
    } finally {
      await director.exec(`ipvsadm -D -t ${service.vip}:${emptyPort}`);
    }
  },
  judge({ director, answers, refusals }, { spec }) {
    const expected = 'ICMP port unreachable from the VIP, and the client sees “refused”';
    if (answers.length === 0) return inconclusive(expected, 'no connection was tried');
    if (unseen({ answers, refusals }))
      return inconclusive(expected, 'refused, and no host was seen refusing it');
    const unreachable = refusals.filter((one) => one.kind === 'unreachable').length;
    const seen = `${unreachable} ICMP port unreachable; the client saw ${list(answers.map((one) => one.error ?? 'an answer'))}`;
    if (unreachable > 0 && answers.every((one) => one.error === 'refused')) return pass(expected, seen);
    const past = pastDirector(spec, director, refusals);
    if (past) return fail(expected, seen, past);
    return fail(expected, seen, {
      cause: `ICMP type 3 does not get out of ${director}`,
      remedy: on(
        director,
        'iptables -I OUTPUT -p icmp --icmp-type destination-unreachable -j ACCEPT',
        filtersOn(spec, 'egress'),
      ),
    });
  },
});
