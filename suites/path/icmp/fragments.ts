import type { Mutant } from '../../../src/model/check.ts';
import { check } from '../../../src/model/check.ts';
import { hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import type { Frame } from '../../../src/probe/frame.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { onSecondVip } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { orWrapped } from '../../common/methods.ts';
import { onDirectors } from '../../common/mutate.ts';
import { filtersOn, on } from '../../common/remedy.ts';
import {
  isFrom,
  list,
  macsTowardsServers,
  realServersOf,
  serviceOf,
  targetOf,
} from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { wayToVip } from '../crafted.ts';

interface Fragment {
  id: number;
  offset: number;
  bytes: number;
  ttl: number;
}

interface Fragments {
  director: string;
  answers: Pick<Answer, 'ok' | 'error' | 'bytes'>[];
  in: Fragment[];
  out: Fragment[];
}

const payloadBytes = 4_000;

const fragment = ({ ip }: Frame): Fragment => ({
  id: ip?.id ?? 0,
  offset: ip?.fragmentOffset ?? 0,
  bytes: ip?.totalBytes ?? 0,
  ttl: ip?.ttl ?? 0,
});

/** «0+1500, 1480+1500, 2960+1068», by datagram. */
const cuts = (fragments: Fragment[]): Map<number, string> => {
  const perId = new Map<number, string[]>();
  for (const one of fragments.toSorted((a, b) => a.offset - b.offset))
    perId.set(one.id, [...(perId.get(one.id) ?? []), `${one.offset}+${one.bytes}`]);
  return new Map([...perId].map(([id, parts]) => [id, parts.join(', ')]));
};

/** Non-first fragments show no ports; a u32 filter on them is what a stateless director comes to. */
const onlyFirstFragments = (spec: LabSpec): string =>
  `tc qdisc add dev eth0 clsact
   tc filter add dev eth0 ingress prio 1 protocol ip u32 match u16 0 0x1fff at 6 action pass
   tc filter add dev eth0 ingress prio 2 protocol ip u32 match ip dst ${serviceOf(spec, 'udp').vip}/32 action drop`;

const laterFragmentsDropped: Mutant = {
  id: 'later-fragments-dropped',
  breaks: 'the director drops fragments that show no port, as a stateless one must',
  change: onDirectors(onlyFirstFragments),
  reason: /timeout.*d1 does not put fragments together/,
};

/** Linux ip_vs_core.c, ip_vs_gather_frags(); ip_vs_xmit.c sets ignore_df, so that ip_fragment() cuts as before. */
export const fragmentsPass = check<Fragments>({
  id: 'PP-14',
  differsBy: 'method',
  suite: 'path',
  level: 'must',
  title: 'fragmented datagrams reach a real server',
  requirement:
    'The director puts fragments together to find their ports, and sends them on with the same identification and the same boundaries; with TUN it wraps the whole datagram and cuts that.',
  source: 'Linux ip_vs_gather_frags(), ip_vs_dr_xmit(); RFC 791 §3.2',
  needs: ['capture', 'director', 'ipvs', 'udpService'],
  vantages: everywhere('udp'),
  presumes: ['vipAtDirector', 'framesToDirector', 'allServersAnswer'],
  mutants: [
    laterFragmentsDropped,
    {
      id: 'cut-smaller',
      breaks: 'the director has a smaller MTU towards one real server than the segment has',
      change: onDirectors((spec) =>
        hostsOf(spec, 'realServer')
          .map((server) => `ip route add ${server.ip}/32 dev eth0 mtu 1000`)
          .join('\n'),
      ),
      reason: /other boundaries/,
    },
    onSecondVip(laterFragmentsDropped, 'udp'),
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'udp');
    const way = await wayToVip(lab, service.vip);
    const prober = await proberOn(lab, way.client.name);
    // A name of the protocol, not «port»: later fragments have none.
    const capture = await lab.capture({ filter: orWrapped(`udp and src host ${way.client.ip}`) });
    const answers = await prober.datagrams(targetOf(service), { count: 2, payloadBytes });
    const pcap = await capture.stop();
    await evidence.save('fragments.pcap', pcap);
    const frames = decodePcap(pcap).filter(({ ip }) => ip?.moreFragments || (ip?.fragmentOffset ?? 0) > 0);
    const servers = macsTowardsServers(lab.spec);
    return {
      director: way.director.name,
      answers: answers.map(({ ok, error, bytes }) => ({ ok, bytes, ...(error && { error }) })),
      in: frames.filter((one) => one.dst === way.director.mac).map(fragment),
      out: frames.filter((one) => isFrom(one.src, way.director) && servers.has(one.dst)).map(fragment),
    };
  },
  judge({ director, answers, in: into, out }, { spec }) {
    const { forward } = serviceOf(spec, 'udp');
    const expected = `${answers.length} datagrams of ${payloadBytes} bytes answered in full, forwarded in fragments as they came`;
    if (into.length === 0) return inconclusive(expected, 'no fragment was seen entering the director');
    const bad = answers.filter((one) => !one.ok || one.bytes < payloadBytes);
    if (bad.length > 0)
      return fail(
        expected,
        `${bad.length} of ${answers.length} were not: ${list(bad.map((one) => one.error ?? `${one.bytes} bytes`))}; ${into.length} fragments in, ${out.length} out`,
        {
          cause: `${director} does not put fragments together, or a filter there drops them`,
          remedy: on(
            director,
            filtersOn(spec, 'ingress'),
            'iptables -S',
            'sysctl net.ipv4.ipfrag_high_thresh',
          ),
        },
      );
    if (out.length === 0)
      return inconclusive(expected, 'answered, and no fragment was seen behind the director');
    // What is wrapped is cut anew: a fragment of the packet around it shows nothing of those inside.
    if (forward === 'tun')
      return pass(
        expected,
        `answered in full; ${into.length} fragments in, put together, wrapped and sent on in ${out.length}`,
      );
    const [before, after] = [cuts(into), cuts(out)];
    const recut = [...before].filter(([id, cut]) => after.get(id) !== cut);
    if (recut.length > 0)
      return fail(
        expected,
        `other boundaries: ${list(recut.map(([id, cut]) => `(${cut}) became (${after.get(id) ?? 'another identification'})`))}`,
        {
          cause: `${director} cuts for a smaller MTU than the segment has`,
          remedy: on(
            director,
            ...realServersOf(spec, serviceOf(spec, 'udp')).map(({ ip }) => `ip route get ${ip}`),
            'ip link show',
          ),
        },
      );
    const steps = new Set(into.map((one) => one.ttl - (out.find((other) => other.id === one.id)?.ttl ?? 0)));
    const seen = `${into.length} fragments in, ${out.length} out with the same boundaries; the TTL went down by ${list([...steps].map(String))}`;
    if (steps.size === 1 && steps.has(1)) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `a rule on ${director} rewrites the TTL of fragments`,
      remedy: on(director, filtersOn(spec, 'egress'), 'iptables -t mangle -S'),
    });
  },
});
