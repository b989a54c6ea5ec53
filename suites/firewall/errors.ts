import type { Host } from '../../src/model/host.ts';
import { hostSpec } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { icmpFrame, tcpFrame } from '../../src/probe/frame.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { TimedOut } from '../../src/util/errors.ts';
import { until } from '../../src/util/until.ts';
import { functional } from '../common/coassert.ts';
import { craftedPort } from '../common/crafted-ports.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { orWrapped } from '../common/methods.ts';
import { on } from '../common/remedy.ts';
import { isFrom, list, serviceOf, targetOf } from '../common/subjects.ts';
import { everywhere } from '../common/vantages.ts';
import { sendFrom, type Way, wayToVip, withoutIcmpLimit } from '../path/crafted.ts';
import { directorRules, firstServerRules } from './rules.ts';

/*
 *   client ──«fragmentation needed»──▶ director ──▶ real server that owns the connection
 *      ◀───────«time exceeded»──────── director
 */

interface Errors {
  director: string;
  /** One ICMP error for each held connection: it came into the director, left it for the owner, and was taken there. */
  inward: { owner: string; into: number; out: number; taken: number }[];
  /** Packets with a TTL of 1 that came into the director, and `time exceeded` from the VIP about them. */
  expired: number;
  told: number;
}

export const icmpPasses = functional<Errors>({
  id: 'FW-09',
  suite: 'firewall',
  level: 'should',
  title: 'firewalls let ICMP errors through, both ways',
  requirement:
    'ICMP fragmentation needed (3/4) about a connection gets through the director and into its real server; time exceeded (11) gets out of the director.',
  source: 'RFC 1191, RFC 4890 in spirit; Linux ip_vs_in_icmp(), decrement_ttl()',
  needs: ['capture', 'inject', 'ipvs', 'director'],
  vantages: everywhere('tcp'),
  presumes: ['serviceAnswers'],
  follows: ['allServersAnswer'],
  mutants: [
    {
      id: 'director-drops-in',
      breaks: 'the director drops ICMP in INPUT',
      change: directorRules(() => ['-A INPUT -p icmp -j DROP']),
      reason: /d1 lets no ICMP errors in/,
    },
    {
      id: 'director-drops-out',
      breaks: 'the director drops ICMP in OUTPUT',
      change: directorRules(() => ['-A OUTPUT -p icmp -j DROP']),
      reason: /d1 .*out/,
    },
    {
      id: 'server-drops',
      breaks: 'the firewall of one real server drops ICMP',
      change: firstServerRules(() => ['-A INPUT -p icmp -j DROP']),
      reason: /rs1 takes no ICMP/,
    },
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const way = await wayToVip(lab);
    const prober = await proberOn(lab, way.client.name);
    const held = await prober.hold(targetOf(service), { count: Math.min(service.realServers.length, 8) });
    try {
      const open = held.answers.filter((one) => one.ok);
      const owners = [...new Set(open.flatMap((one) => one.server ?? []))];
      const before = await Promise.all(owners.map((name) => unreachables(lab.host(name))));
      const capture = await lab.capture({ filter: orWrapped('icmp or tcp[tcpflags] & tcp-syn != 0') });
      await withoutIcmpLimit(lab, way.director.name, () =>
        sendFrom(lab, way, [
          ...open.map(({ localPort }) => needed(way, service.port, localPort, lab.spec.network.mtu)),
          tcpFrame({
            ...way.ends,
            srcPort: craftedPort.lastHop,
            dstPort: service.port,
            ttl: 1 + way.hops,
            flags: ['syn'],
          }),
        ]),
      );
      const taken = await Promise.all(
        owners.map((name, i) => {
          const about = open.filter((one) => one.server === name).length;
          return risen(lab.host(name), before[i] ?? 0, about);
        }),
      );
      const pcap = await capture.stop();
      await evidence.save('icmp.pcap', pcap);
      const frames = decodePcap(pcap);
      const inward = owners.map((owner, i) => {
        const ports = open.filter((one) => one.server === owner).map((one) => one.localPort);
        // Not by its destination, which NAT rewrites.
        const about = frames.filter(
          ({ icmp }) => icmp?.code === 4 && ports.includes(icmp.quoted?.dstPort ?? 0),
        );
        return {
          owner,
          into: about.filter((one) => one.dst === way.director.mac).length,
          out: about.filter((one) => one.dst === hostSpec(lab.spec, owner).mac).length,
          taken: taken[i] ?? 0,
        };
      });
      const expired = frames.filter(
        (one) =>
          one.tcp?.srcPort === craftedPort.lastHop && one.ip?.ttl === 1 && one.dst === way.director.mac,
      );
      const told = frames.filter(
        ({ icmp, src }) =>
          icmp?.type === 11 && icmp.quoted?.srcPort === craftedPort.lastHop && isFrom(src, way.director),
      );
      return { director: way.director.name, inward, expired: expired.length, told: told.length };
    } finally {
      await held.close();
    }
  },
  judge({ director, inward, expired, told }, { spec }) {
    const { vip } = serviceOf(spec, 'tcp');
    const expected = `each ICMP error for ${vip} gets into its real server, and ${director} tells the client of what expires`;
    const said = inward.map(
      (one) => `${one.owner}: ${one.into} sent, ${one.out} passed ${director}, ${one.taken} taken`,
    );
    const seen = `${said.join('; ')}; ${told} of ${expired} expiries told`;
    if (inward.length === 0 || expired === 0 || inward.some((one) => one.into === 0))
      return inconclusive(expected, `not all that we sent was seen on the wire; ${seen}`);
    if (inward.some((one) => !Number.isFinite(one.taken)))
      return inconclusive(expected, `a real server does not count ICMP errors; ${seen}`);
    if (inward.every((one) => one.out === 0))
      return fail(expected, seen, {
        cause: `${director} lets no ICMP errors in, or none on to real servers${told === 0 ? ', and none out' : ''}`,
        remedy: on(director, 'iptables -I INPUT -p icmp -j ACCEPT', 'iptables -I OUTPUT -p icmp -j ACCEPT'),
      });
    if (told === 0)
      return fail(expected, seen, {
        cause: `${director} lets no ICMP errors out`,
        remedy: on(director, 'iptables -I OUTPUT -p icmp -j ACCEPT'),
      });
    const deaf = inward.filter((one) => one.taken < one.out || one.out === 0).map((one) => one.owner);
    if (deaf.length > 0)
      return fail(expected, seen, {
        cause: `${list(deaf)} takes no ICMP errors in`,
        remedy: on(deaf, 'iptables -I INPUT -p icmp --icmp-type fragmentation-needed -j ACCEPT'),
      });
    return pass(expected, seen);
  },
});

/** What a router behind the director's back says about an answer; the lab's own MTU, so that nothing is learnt. */
const needed = (way: Way, vport: number, cport: number, mtu: number): Uint8Array =>
  icmpFrame({
    ...way.ends,
    type: 3,
    code: 4,
    rest: mtu,
    payload: tcpFrame({
      srcMac: way.ends.dstMac,
      dstMac: way.ends.srcMac,
      srcIp: way.vip,
      dstIp: way.client.ip,
      srcPort: vport,
      dstPort: cport,
      flags: ['ack'],
    }).subarray(14, 14 + 28),
  });

/** `InDestUnreachs` of /proc/net/snmp: what got past the host's own firewall. */
async function unreachables(host: Host): Promise<number> {
  const { stdout } = await host.exec("exec grep '^Icmp:' /proc/net/snmp");
  const [heads = '', values = ''] = stdout.trim().split('\n');
  return Number(values.split(' ')[heads.split(' ').indexOf('InDestUnreachs')]);
}

async function risen(host: Host, before: number, by: number): Promise<number> {
  let now = 0;
  const look = async () => {
    now = (await unreachables(host)) - before;
    return now >= by ? now : undefined;
  };
  try {
    return await until('ICMP errors', look, { withinMs: 400, everyMs: 50 });
  } catch (error) {
    if (error instanceof TimedOut) return now;
    throw error;
  }
}
