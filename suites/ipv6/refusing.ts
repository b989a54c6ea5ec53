import { check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { type HostSpec, hostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { tcp6Frame } from '../../src/probe/craft6.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { injectAndAwait } from '../../src/probe/solicit.ts';
import { craftedPort } from '../common/crafted-ports.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import type { Why } from '../common/looking/look.ts';
import { onDirectors } from '../common/mutate.ts';
import { filtersOn, on } from '../common/remedy.ts';
import { hostOnSegment6, list, macsOf, nameOfMac, serviceOf } from '../common/subjects.ts';
import { own6 } from './own.ts';
import { address6, onStage6, patienceMs, ports } from './stage.ts';
import { type Seen, slim } from './trace.ts';

/** What the director says of packets that it must not forward. */
interface Refused {
  director: string;
  vip: string;
  /** Of the client, TCP, from these ports or to that one. */
  frames: Seen[];
  /** Errors of the client's connections; none where frames were crafted. */
  errors: string[];
}

const errorsFrom = ({ frames }: Refused, type: number, code: number): Seen[] =>
  frames.filter(({ icmp6 }) => icmp6?.type === type && icmp6.code === code);

/** What directors sent towards real servers. */
const forwarded = ({ frames, director }: Refused, spec: LabSpec): Seen[] => {
  const servers = macsOf(hostsOf(spec, 'realServer'));
  const { mac } = hostSpec(spec, director);
  return frames.filter(({ src, dst, tcp }) => tcp && src === mac && servers.has(dst));
};

/** Drops ICMPv6 of one type as the director sends it: next header at byte 6, type at byte 40. */
const dropIcmp6 = (type: number) =>
  onDirectors(
    () => `tc qdisc add dev eth0 clsact
    tc filter add dev eth0 egress protocol ipv6 u32 match u8 58 0xff at 6 match u8 ${type} 0xff at 40 action drop`,
  );

async function sendDying(lab: Lab, client: HostSpec, director: HostSpec, vip: string): Promise<void> {
  const syn = (i: number) =>
    tcp6Frame({
      srcMac: client.mac,
      dstMac: director.mac,
      srcIp: address6(client),
      dstIp: vip,
      srcPort: craftedPort.dying6 + i,
      dstPort: serviceOf(lab.spec, 'tcp').port,
      seq: 1_000 + i,
      hopLimit: 1,
      flags: ['syn'],
    });
  await injectAndAwait(lab, client, [syn(0), syn(1), syn(2)], [director]);
}

/** Linux ip_vs_xmit.c, decrement_ttl(); icmp6_send() takes the packet’s destination as source where it is local. */
export const hopLimitExpires = check<Refused>({
  ...onStage6,
  own: own6('tcp'),
  id: 'PP-03@ipv6',
  level: 'must',
  title: 'IPv6: a hop limit of 1 ends at the director',
  requirement:
    'A packet for the VIP with hop limit 1 is answered by ICMPv6 time exceeded from the VIP and reaches no real server.',
  source: 'RFC 4443 §3.3; Linux decrement_ttl()',
  needs: ['capture', 'inject', 'director', 'ipvs'],
  mutants: [
    {
      id: 'hop-limit-raised',
      breaks: 'a rule on the director sets the hop limit of what comes in to 64',
      change: onDirectors(
        (spec) =>
          `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 ingress protocol ipv6 u32 match ip6 dst ${vipsOf(spec)[0]}/128 action pedit ex munge ip6 hoplimit set 64`,
      ),
      reason: /went on to a real server/,
    },
    {
      id: 'icmp-dropped',
      breaks: 'the director may not send time exceeded',
      change: dropIcmp6(3),
      reason: /0 of 3 .*does not get out/,
    },
  ],
  async observe({ lab, evidence }) {
    const client = hostOnSegment6(lab.spec);
    const vip = vipsOf(lab.spec)[0] ?? '';
    const director = hostSpec(lab.spec, await activeDirector(lab, vip));
    await using capture = await lab.capture({ filter: `ip6 and host ${address6(client)}` });
    await sendDying(lab, client, director, vip);
    const pcap = await capture.stop();
    await evidence.save('hop-limit-1.pcap', pcap);
    const frames = decodePcap(pcap)
      .filter(({ tcp, icmp6 }) => ours(tcp?.srcPort) || ours(icmp6?.quoted?.srcPort) || icmp6?.type === 129)
      .map(slim);
    return { director: director.name, vip, frames, errors: [] };
  },
  judge(seen, { spec }) {
    const expected = `3 of 3 answered by ICMPv6 time exceeded from ${seen.vip}, none forwarded`;
    const { mac } = hostSpec(spec, seen.director);
    const sent = seen.frames.filter(({ tcp, dst }) => tcp && dst === mac).length;
    if (sent === 0) return inconclusive(expected, 'no packet of ours was seen on the wire');
    const through = forwarded(seen, spec);
    if (through.length > 0)
      return fail(expected, `${through.length} frames with hop limit 1 went on to a real server`, {
        cause: `${seen.director} raises the hop limit, or forwards below IP`,
        remedy: on(seen.director, filtersOn(spec, 'ingress'), 'ip6tables -t mangle -S'),
      });
    const exceeded = errorsFrom(seen, 3, 0);
    const said = `${exceeded.length} of ${sent} answered by time exceeded, from ${list(exceeded.map(from(spec)))}`;
    if (exceeded.length < sent && !seen.frames.some(({ icmp6 }) => icmp6?.type === 129))
      return inconclusive(
        expected,
        `${said}; ${seen.director} did not reply to an echo request in time either`,
      );
    if (exceeded.length === sent && exceeded.every(({ src, ip6 }) => src === mac && ip6?.src === seen.vip))
      return pass(expected, said);
    return fail(expected, said, notOut(seen, 'time exceeded', exceeded.length > 0, spec));
  },
});

const ours = (port: number | undefined): boolean =>
  port !== undefined && port >= craftedPort.dying6 && port < craftedPort.dying6 + 3;

const from =
  (spec: LabSpec) =>
  ({ src, ip6 }: Seen): string =>
    `${ip6?.src} at ${nameOfMac(spec, src)}`;

const notOut = ({ director, vip }: Refused, what: string, some: boolean, spec: LabSpec): Why =>
  some
    ? {
        cause: `${what} comes from another host or address, or is rationed`,
        remedy: on(director, `ip -6 addr show to ${vip}`, 'sysctl net.ipv6.icmp.ratelimit'),
      }
    : {
        cause: `${what} does not get out of ${director}`,
        remedy: on(director, 'ip6tables -I OUTPUT -p icmpv6 -j ACCEPT', filtersOn(spec, 'egress')),
      };

/** Linux ip_vs_core.c, ip_vs_leave(): ICMPv6 port unreachable when no destination is left. */
export const noServerRefuses6 = check<Refused>({
  ...onStage6,
  id: 'PP-08@ipv6',
  level: 'must',
  title: 'IPv6: without an available real server the client is refused at once',
  requirement: 'When every weight is 0 the director answers with ICMPv6 port unreachable (1/4) from the VIP.',
  source: 'RFC 4443 §3.1; Linux ip_vs_leave()',
  needs: ['capture', 'director', 'ipvs'],
  mutants: [
    {
      id: 'icmp-dropped',
      breaks: 'the director may not send ICMPv6 destination unreachable',
      change: dropIcmp6(1),
      reason: /0 .*port unreachable.*timeout.*does not get out/,
    },
  ],
  async observe({ lab, evidence }) {
    const client = hostOnSegment6(lab.spec);
    const vip = vipsOf(lab.spec)[0] ?? '';
    const director = await activeDirector(lab, vip);
    const prober = await proberOn(lab, client.name);
    await using capture = await lab.capture({ filter: `ip6 and host ${address6(client)}` });
    const answers = await prober.requests(
      { ip: vip, port: ports.forsaken },
      { count: 3, parallel: 3, localAddress: address6(client), timeoutMs: patienceMs },
    );
    const pcap = await capture.stop();
    await evidence.save('unreachable.pcap', pcap);
    const frames = decodePcap(pcap)
      .filter(
        ({ tcp, icmp6 }) => tcp?.dstPort === ports.forsaken || icmp6?.quoted?.dstPort === ports.forsaken,
      )
      .map(slim);
    return {
      director,
      vip,
      frames,
      errors: answers.map(({ ok, error }) => error ?? (ok ? 'answered' : 'failed')),
    };
  },
  judge(seen, { spec }) {
    const expected = `ICMPv6 port unreachable from ${seen.vip}, and the client sees “refused”`;
    if (seen.errors.length === 0) return inconclusive(expected, 'no connection was tried');
    const { mac } = hostSpec(spec, seen.director);
    if (!seen.frames.some(({ tcp, dst }) => tcp && dst === mac))
      return inconclusive(expected, 'no packet of ours was seen on the wire');
    const unreachable = errorsFrom(seen, 1, 4).filter(({ src, ip6 }) => src === mac && ip6?.src === seen.vip);
    const said = `${unreachable.length} ICMPv6 port unreachable; the client saw ${list(seen.errors)}`;
    const through = forwarded(seen, spec);
    if (through.length > 0)
      return fail(expected, `${said}; ${through.length} frames went on to a real server`, {
        cause: `${seen.director} gives port ${ports.forsaken} to a real server of weight 0`,
        remedy: on(seen.director, 'ipvsadm -Ln'),
      });
    if (unreachable.length > 0 && seen.errors.every((error) => error === 'refused'))
      return pass(expected, said);
    return fail(expected, said, notOut(seen, 'port unreachable', unreachable.length > 0, spec));
  },
});
