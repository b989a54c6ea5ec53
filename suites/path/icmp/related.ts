import { check } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { type HostSpec, hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { type Frame, icmpFrame, tcpFrame } from '../../../src/probe/frame.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { orWrapped } from '../../common/methods.ts';
import { onDirectors } from '../../common/mutate.ts';
import { filtersOn, on } from '../../common/remedy.ts';
import { count, hostOfMac, isFrom, list, serviceOf, targetOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { sendFrom, type Way, wayToVip } from '../crafted.ts';
import { dropIcmpTo } from './dropping.ts';

interface Related {
  director: string;
  /** One ICMP error about one held connection: who owns it, and which real servers got the error. */
  errors: { kind: string; owner: string; into: number; reached: string[] }[];
}

/** Soft errors, which an open connection survives; the MTU is not believed, since the sequence is not in the window. */
const kinds = [
  { kind: 'host unreachable', type: 3, code: 1, rest: 0 },
  { kind: 'fragmentation needed', type: 3, code: 4, rest: 1_400 },
  { kind: 'time exceeded', type: 11, code: 0, rest: 0 },
];

/** The head of an answer that never arrived: VIP to client, as a router on its way would quote it. */
const quote = (way: Way, vport: number, cport: number): Uint8Array =>
  tcpFrame({
    srcMac: way.ends.dstMac,
    dstMac: way.ends.srcMac,
    srcIp: way.vip,
    dstIp: way.client.ip,
    srcPort: vport,
    dstPort: cport,
    flags: ['ack'],
  }).subarray(14, 14 + 28);

async function tellErrors(lab: Lab, save: (pcap: Uint8Array) => Promise<void>): Promise<Related> {
  const service = serviceOf(lab.spec, 'tcp');
  const way = await wayToVip(lab);
  const prober = await proberOn(lab, way.client.name);
  const held = await prober.hold(targetOf(service), { count: Math.min(service.realServers.length, 8) });
  try {
    const open = held.answers.filter((answer) => answer.ok);
    const frames = open.flatMap(({ localPort }) =>
      kinds.map((kind) => icmpFrame({ ...way.ends, ...kind, payload: quote(way, service.port, localPort) })),
    );
    const capture = await lab.capture({ filter: orWrapped('icmp') });
    await sendFrom(lab, way, frames);
    const pcap = await capture.stop();
    await save(pcap);
    const seen = decodePcap(pcap);
    const errors = open.flatMap(({ localPort, server = '' }) =>
      kinds.map(({ kind, type, code }) => {
        const same = seen.filter(
          ({ icmp }) => icmp?.type === type && icmp.code === code && icmp.quoted?.dstPort === localPort,
        );
        const reached = same.flatMap((one) => reachedBy(lab.spec, way.director, one) ?? []);
        return {
          kind,
          owner: server,
          into: same.filter((one) => one.dst === way.director.mac).length,
          reached,
        };
      }),
    );
    return { director: way.director.name, errors };
  } finally {
    await held.close();
  }
}

/** The real server that the director sent a frame to: where a router stands between, by the address around it. */
function reachedBy(spec: LabSpec, director: HostSpec, { src, dst, outer }: Frame): string | undefined {
  if (outer) {
    if (!isFrom(src, director)) return undefined;
    return hostsOf(spec, 'realServer').find(({ ip }) => ip === outer.dst)?.name ?? outer.dst;
  }
  const host = hostOfMac(spec, dst);
  return host?.role === 'realServer' ? host.name : undefined;
}

/** Linux ip_vs_core.c, ip_vs_in_icmp(): looks up the connection that the error quotes. */
export const errorsFollowConnection = check<Related>({
  id: 'PP-15',
  suite: 'path',
  level: 'should',
  title: 'an ICMP error about a connection reaches the real server that owns it',
  requirement:
    'An ICMP error to the VIP that quotes a balanced connection is forwarded to its real server, once, and to no other.',
  source: 'Linux ip_vs_in_icmp(), ip_vs_icmp_xmit(); RFC 1191',
  needs: ['capture', 'inject', 'director', 'ipvs', 'severalRealServers'],
  presumes: ['vipAtDirector', 'framesToDirector'],
  vantages: everywhere('tcp'),
  mutants: [
    {
      id: 'icmp-dropped',
      breaks: 'a firewall on the director drops incoming ICMP',
      change: onDirectors(dropIcmpTo),
      reason: /reached none/,
    },
    {
      id: 'by-outer-header',
      breaks:
        'ICMP is sent where its own addresses hash to, as stateless directors do, not by what it quotes',
      change: onDirectors((spec) => {
        const [first] = hostsOf(spec, 'realServer');
        return `tc qdisc add dev eth0 clsact
          tc filter add dev eth0 egress protocol ip u32 match ip protocol 1 0xff match ip dst ${serviceOf(spec, 'tcp').vip}/32 action pedit ex munge eth dst set ${first?.mac}`;
      }),
      reason: /of rs2 reached rs1/,
    },
  ],
  observe: ({ lab, evidence }) => tellErrors(lab, (pcap) => evidence.save('icmp-errors.pcap', pcap)),
  judge({ director, errors }, { spec }) {
    const expected = `${count(errors.length, 'ICMP error')}, each forwarded once, to the owner of the connection`;
    if (errors.length === 0) return inconclusive(expected, 'no connection came about');
    if (errors.some((one) => one.into === 0))
      return inconclusive(expected, 'not all of our ICMP errors were seen entering the director');
    const wrong = errors.filter((one) => one.reached.length !== 1 || one.reached[0] !== one.owner);
    if (wrong.length === 0)
      return pass(expected, `${errors.length} were, to ${list(errors.map((one) => one.owner))}`);
    const said = wrong.map(
      ({ kind, owner, reached }) => `${kind} about a connection of ${owner} reached ${list(reached)}`,
    );
    return fail(expected, said.join('; '), {
      cause: wrong.every((one) => one.reached.length === 0)
        ? `${director} does not take ICMP errors in, or has no entry for the connection`
        : `something on ${director} sends ICMP by its outer header`,
      remedy: on(
        director,
        'iptables -vnL INPUT',
        'ipvsadm -Lnc',
        filtersOn(spec, 'ingress'),
        filtersOn(spec, 'egress'),
      ),
    });
  },
});
