import { hostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { udp6Frame } from '../../src/probe/craft6.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { injectAndAwait } from '../../src/probe/solicit.ts';
import { functional } from '../common/coassert.ts';
import { craftedPort } from '../common/crafted-ports.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { filtersOn, on } from '../common/remedy.ts';
import { count, hostOnSegment6, list, macsOf, serviceOf } from '../common/subjects.ts';
import { own6 } from './own.ts';
import { address6, onStage6, patienceMs } from './stage.ts';
import { type Seen, slim } from './trace.ts';

interface Long {
  director: string;
  cip: string;
  vip: string;
  payloadBytes: number;
  /** One for each datagram, each of which is too long for a frame. */
  answers: { ok: boolean; error: string | null }[];
  /** Of the client, on both sides of the director. */
  frames: Seen[];
}

const payloadBytes = 4_000;

/** Drops packets whose first header behind the fixed one has this number. */
const dropHeader = (number: number) =>
  onDirectors(
    () => `tc qdisc add dev eth0 clsact
    tc filter add dev eth0 ingress protocol ipv6 u32 match u8 ${number} 0xff at 6 action drop`,
  );

const isOptions = ({ udp, ip6 }: Seen): boolean =>
  udp?.srcPort === craftedPort.options6 && (ip6?.extensions.includes(60) ?? false);

const toServers = ({ frames, director }: Long, spec: LabSpec): Seen[] => {
  const servers = macsOf(hostsOf(spec, 'realServer'));
  return frames.filter(({ src, dst }) => src === hostSpec(spec, director).mac && servers.has(dst));
};

const toDirector = ({ frames, director }: Long, spec: LabSpec): Seen[] =>
  frames.filter(({ dst }) => dst === hostSpec(spec, director).mac);

const offsets = (frames: Seen[]): number[] =>
  frames.flatMap(({ ip6 }) => (ip6?.fragment ? [ip6.fragment.offsetBytes] : []));

/** Linux ip_vs_gather_frags(), nf_defrag_ipv6_enable(); ip_vs_fill_iph_skb() walks over extension headers. */
export const fragmentsArrive6 = functional<Long>({
  ...onStage6,
  own: own6('udp'),
  id: 'PP-14@ipv6',
  level: 'must',
  title: 'IPv6: fragments and extension headers get through',
  requirement:
    'A datagram in fragments arrives whole at one real server, and a header of destination options hides no port.',
  source: 'RFC 8200 §4.5, §4.6; Linux ip_vs_gather_frags(), ip_vs_fill_iph_skb()',
  needs: ['capture', 'inject', 'director', 'ipvs', 'udpService'],
  mutants: [
    {
      id: 'fragments-dropped',
      breaks: 'a rule on the director drops IPv6 fragments',
      change: dropHeader(44),
      reason: /0 of 2 datagrams.*drops fragments/,
    },
    {
      id: 'options-dropped',
      breaks: 'a rule on the director drops packets with destination options',
      change: dropHeader(60),
      reason: /destination options.*was not forwarded/,
    },
  ],
  async observe({ lab, evidence }) {
    const client = hostOnSegment6(lab.spec);
    const { vip, port } = serviceOf(lab.spec, 'udp');
    const cip = address6(client);
    const director = hostSpec(lab.spec, await activeDirector(lab, vip));
    const prober = await proberOn(lab, client.name);
    await using capture = await lab.capture({ filter: `ip6 and src ${cip} and dst ${vip}` });
    const answers = await prober.datagrams(
      { ip: vip, port },
      { count: 2, sockets: 2, from: [cip], payloadBytes, timeoutMs: patienceMs },
    );
    const crafted = udp6Frame({
      srcMac: client.mac,
      dstMac: director.mac,
      srcIp: cip,
      dstIp: vip,
      srcPort: craftedPort.options6,
      dstPort: port,
      destinationOptions: true,
      payload: Buffer.from('options'),
    });
    await injectAndAwait(lab, client, [crafted], [director]);
    const pcap = await capture.stop();
    await evidence.save('fragments.pcap', pcap);
    return {
      director: director.name,
      cip,
      vip,
      payloadBytes,
      answers: answers.map(({ ok, error = null }) => ({ ok, error })),
      frames: decodePcap(pcap)
        .filter(({ ip6 }) => ip6?.protocol === 17 && ip6.extensions.length > 0)
        .map(slim),
    };
  },
  judge(seen, { spec }) {
    const { answers, director } = seen;
    const expected = `${answers.length} datagrams of ${seen.payloadBytes} bytes answered, and one behind destination options forwarded`;
    const [into, out] = [toDirector(seen, spec), toServers(seen, spec)];
    if (offsets(into).length === 0 || !into.some(isOptions))
      return inconclusive(expected, 'our fragments, or our destination options, were not seen on the wire');
    const good = answers.filter((answer) => answer.ok).length;
    const said = `${good} of ${answers.length} datagrams answered; ${count(offsets(into).length, 'fragment')} in, ${offsets(out).length} out`;
    if (good < answers.length || offsets(out).length !== offsets(into).length)
      return fail(expected, said, {
        cause: `${director} ${offsets(out).length === 0 ? 'drops fragments' : 'loses or changes fragments'}; IPVS needs nf_defrag_ipv6 to see their ports`,
        remedy: on(director, filtersOn(spec, 'ingress'), 'ip6tables -S', 'lsmod | grep nf_defrag_ipv6'),
      });
    const options = out.filter(isOptions);
    const dropped = {
      cause: `${director} drops or strips extension headers`,
      remedy: on(director, filtersOn(spec, 'ingress'), 'ip6tables -S'),
    };
    if (options.length === 0)
      return fail(expected, `${said}; the datagram behind destination options was not forwarded`, dropped);
    const steps = [...new Set(out.map(({ ip6 }) => ip6?.hopLimit ?? 0))];
    if (steps.some((hopLimit) => hopLimit !== 63))
      return fail(expected, `${said}; hop limits behind the director: ${list(steps.map(String))}, not 63`, {
        cause: 'a rule rewrites the hop limit',
        remedy: on(director, filtersOn(spec, 'egress')),
      });
    return pass(
      expected,
      `${said}, at offsets ${list(offsets(out).map(String))}; destination options were forwarded, too`,
    );
  },
});
