import { check } from '../../../src/model/check.ts';
import { hostSpec, type LabSpec } from '../../../src/model/spec.ts';
import { tcpFrame } from '../../../src/probe/frame.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { craftedPort } from '../../common/crafted-ports.ts';
import { dropOnDirectors } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, filtersOn, on } from '../../common/remedy.ts';
import { clientOf, isFrom, list, macsTowardsServers, nameOfMac, serviceOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { sendFrom, wayToVip, withoutIcmpLimit } from '../crafted.ts';
import { dropIcmpFrom } from './dropping.ts';

interface Expiry {
  director: string;
  /** Frames with a TTL of 1 that came in at the director. */
  sent: number;
  /** MAC and address of who said `time exceeded` about them. */
  exceeded: { mac: string; src: string }[];
  forwarded: number;
  /** By how much IpInHdrErrors of the director rose. */
  headerErrors: number;
}

const packets = 3;

/** Linux ip_vs_xmit.c, decrement_ttl(): IPSTATS_MIB_INHDRERRORS and ICMP time exceeded at a TTL of 1. */
export const lastHopAnswers = check<Expiry>({
  id: 'PP-03',
  suite: 'path',
  level: 'must',
  title: 'a packet whose TTL runs out at the director is answered from the VIP',
  requirement:
    'A packet that comes in with a TTL of 1 is not forwarded to a real server; the VIP answers with ICMP time exceeded.',
  source: 'Linux decrement_ttl() in ip_vs_xmit.c; RFC 1812 §5.3.1, RFC 792',
  needs: ['capture', 'inject', 'director', 'ipvs'],
  follows: ['vipAtDirector', 'framesToDirector'],
  vantages: everywhere('tcp'),
  mutants: [
    {
      id: 'ttl-restored',
      breaks: 'a rule on the director sets the TTL of what comes in back to 64',
      change: onDirectors(
        (spec: LabSpec) =>
          `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 ingress protocol ip u32 match ip dst ${serviceOf(spec, 'tcp').vip}/32 action pedit ex munge ip ttl set 64 pipe csum ip`,
      ),
      reason: /went on to a real server/,
    },
    {
      id: 'icmp-dropped',
      breaks: 'the director may not send ICMP',
      change: onDirectors(dropIcmpFrom),
      reason: /0 ICMP time exceeded.*does not get out of d1/,
    },
    dropOnDirectors(
      {
        id: 'icmp-to-one-dropped',
        breaks: 'the director may send no ICMP to one client',
        reason: /0 ICMP time exceeded.*does not get out of d1/,
      },
      'egress',
      (_, { ip }) => `match ip dst ${ip}/32 match ip protocol 1 0xff`,
    ),
  ],
  async observe({ lab, evidence }) {
    const way = await wayToVip(lab);
    const { port } = serviceOf(lab.spec, 'tcp');
    const frames = Array.from({ length: packets }, (_, i) =>
      tcpFrame({
        ...way.ends,
        srcPort: craftedPort.expiring + i,
        dstPort: port,
        ttl: 1 + way.hops,
        flags: ['syn'],
      }),
    );
    const capture = await lab.capture({ filter: `host ${way.client.ip} and (icmp or tcp port ${port})` });
    const { before, after } = await withoutIcmpLimit(lab, way.director.name, () =>
      sendFrom(lab, way, frames),
    );
    const pcap = await capture.stop();
    await evidence.save('ttl-1.pcap', pcap);
    const seen = decodePcap(pcap);
    const ours = (at: number | undefined) =>
      at !== undefined && at >= craftedPort.expiring && at < craftedPort.expiring + packets;
    const requests = seen.filter((one) => ours(one.tcp?.srcPort) && one.ip?.src === way.client.ip);
    const servers = macsTowardsServers(lab.spec);
    return {
      director: way.director.name,
      sent: requests.filter((one) => one.dst === way.director.mac && one.ip?.ttl === 1).length,
      exceeded: seen
        .filter((one) => one.icmp?.type === 11 && one.icmp.code === 0 && ours(one.icmp.quoted?.srcPort))
        .map((one) => ({ mac: one.src, src: one.ip?.src ?? '' })),
      forwarded: requests.filter((one) => servers.has(one.dst)).length,
      headerErrors: (after.InHdrErrors ?? 0) - (before.InHdrErrors ?? 0),
    };
  },
  judge({ director, sent, exceeded, forwarded, headerErrors }, { spec }) {
    const { vip } = serviceOf(spec, 'tcp');
    const expected = `${sent} ICMP time exceeded from ${vip}, sent by ${director}; nothing at a real server`;
    if (sent === 0) return inconclusive(expected, 'our packets were not seen entering the director');
    if (forwarded > 0)
      return fail(expected, `${forwarded} of ${sent} packets with a TTL of 1 went on to a real server`, {
        cause: `${director} forwards below IP, or a rule there rewrites the TTL`,
        remedy: [
          ...on(director, filtersOn(spec, 'ingress'), 'iptables -t mangle -S'),
          ...advice('remove the rule'),
        ],
      });
    const good = exceeded.filter((one) => one.src === vip && isFrom(one.mac, hostSpec(spec, director)));
    const senders = list(exceeded.map((one) => `${one.src} by ${nameOfMac(spec, one.mac)}`));
    const seen = `${exceeded.length} ICMP time exceeded from ${senders}; IpInHdrErrors rose by ${headerErrors}`;
    if (good.length === sent && exceeded.length === sent && headerErrors >= sent) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `ICMP type 11 does not get out of ${director}, or packets to ${clientOf(spec).name} leave from another address`,
      remedy: on(
        director,
        'iptables -I OUTPUT -p icmp --icmp-type time-exceeded -j ACCEPT',
        filtersOn(spec, 'egress'),
      ),
    });
  },
});
