import { check, type Judgement } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { deviceOf, type HostSpec, hostSpec, hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { type Leg, lanOf, legOn, ownLeg, segmentsOf } from '../../../src/model/topology.ts';
import { icmpFrame } from '../../../src/probe/frame.ts';
import { inject } from '../../../src/probe/inject.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { barrier } from '../../common/barrier.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply, onFirstServer } from '../../common/mutate.ts';
import { deviceAt, on, toTellApart } from '../../common/remedy.ts';
import { list, observerOf } from '../../common/subjects.ts';
import { once } from '../../common/vantages.ts';

interface Sizes {
  requester: string;
  /** Without the MTU of the segment it cannot ask. */
  requesterMtu: number;
  wanted: number;
  sent: number;
  /** Of every other host on the segment: its MTU, and whether an echo of the full MTU came back from it. */
  hosts: { name: string; mtu: number; echoed: boolean; device?: string }[];
}

/** The segment of the VIPs, and those of real servers that are on another one. */
interface AllSizes extends Sizes {
  elsewhere?: Sizes[];
}

interface Asking {
  segment: string;
  wanted: number;
  requester: HostSpec;
}

/** The segment of the VIPs, from where clients come; those of real servers elsewhere, from a director that is there. */
function segmentsToAsk(spec: LabSpec): [Asking, ...Asking[]] {
  const lan = lanOf(spec);
  const others = segmentsOf(spec).flatMap(({ name: segment, mtu: wanted }): Asking[] => {
    const isServed = hostsOf(spec, 'realServer').some((server) => server.segment === segment);
    const requester = hostsOf(spec, 'director').find((host) => legOn(spec, host, segment));
    return segment !== lan && isServed && requester ? [{ segment, wanted, requester }] : [];
  });
  return [{ segment: lan, wanted: spec.network.mtu, requester: observerOf(spec) }, ...others];
}

const identifier = 0x5453;

/** A frame that is longer than the MTU of its receiver is dropped there, without a word to anybody. */
async function echoFullSize(
  lab: Lab,
  { segment, wanted, requester }: Asking,
  save: (pcap: Uint8Array) => Promise<void>,
): Promise<Sizes> {
  const { spec } = lab;
  const own = legOn(spec, requester, segment) ?? ownLeg(requester);
  const others = spec.hosts.flatMap((host) => {
    const leg = host === requester ? undefined : legOn(spec, host, segment);
    return leg ? [{ ...leg, name: host.name }] : [];
  });
  const echo = ({ mac, ip }: Leg, i: number): Uint8Array =>
    icmpFrame({
      srcMac: own.mac,
      dstMac: mac,
      srcIp: own.ip,
      dstIp: ip,
      type: 8,
      code: 0,
      rest: identifier * 65536 + i,
      payload: new Uint8Array(wanted - 28),
    });
  const mtuOf = async (name: string, { device }: Leg): Promise<number> => {
    const { stdout } = await lab.host(name).exec(`exec ip -o link show dev ${device}`);
    return Number(/ mtu (\d+)/.exec(stdout)?.[1] ?? 0);
  };
  const requesterMtu = await mtuOf(requester.name, own);
  const capture = await lab.capture({ filter: 'icmp', snapLengthBytes: 128 });
  if (requesterMtu >= wanted)
    await inject(lab.host(requester.name), others.map(echo), { device: own.device });
  const addresses = others.map((host) => host.ip);
  await barrier(lab.host(requester.name), addresses);
  const pcap = await capture.stop();
  await save(pcap);
  const full = decodePcap(pcap).filter((one) => one.ip?.totalBytes === wanted);
  const hosts = await Promise.all(
    others.map(async (host) => ({
      name: host.name,
      device: host.device,
      mtu: await mtuOf(host.name, host),
      echoed: full.some((one) => one.icmp?.type === 0 && one.src === host.mac && one.ip?.src === host.ip),
    })),
  );
  const sent = full.filter((one) => one.icmp?.type === 8 && one.src === own.mac).length;
  return { requester: requester.name, requesterMtu, wanted, sent, hosts };
}

export const oneMtu = check<AllSizes>({
  id: 'TOP-03',
  suite: 'path',
  level: 'must',
  title: 'all hosts of the segment have the same MTU',
  requirement:
    'Every director and real server, and the client or router that asks them, has the MTU of the segment, and takes and sends frames of that size.',
  source: 'RFC 894; LVS-HOWTO, LVS-DR; catalogue TOP-03',
  needs: ['capture', 'inject', 'director'],
  vantages: once('it asks every other host of the segment, routers included'),
  mutants: [
    {
      id: 'small-mtu',
      breaks: 'one real server with an MTU of 1400',
      change: onFirstServer(() => 'ip link set eth0 mtu 1400'),
      reason: /rs1 sent no echo .*MTU 1400/,
    },
    {
      id: 'jumbo',
      breaks: 'jumbo frames on one real server only',
      change: onFirstServer(() => 'ip link set eth0 mtu 9000'),
      reason: /rs1 has MTU 9000/,
    },
    {
      id: 'small-mtu-before-it',
      breaks: 'an MTU of 1400 on the client, or on the router that clients come through',
      change: afterApply(
        (spec) => `ip -n ${observerOf(spec).name} link set ${deviceOf(observerOf(spec))} mtu 1400`,
      ),
      reason: /has MTU 1400.*cannot/,
    },
  ],
  async observe({ lab, evidence }) {
    const [lan, ...others] = segmentsToAsk(lab.spec);
    const seen = await echoFullSize(lab, lan, (pcap) => evidence.save('echoes.pcap', pcap));
    const elsewhere: Sizes[] = [];
    for (const other of others)
      elsewhere.push(
        await echoFullSize(lab, other, (pcap) => evidence.save(`echoes-${other.segment}.pcap`, pcap)),
      );
    return { ...seen, ...(elsewhere.length > 0 && { elsewhere }) };
  },
  judge({ elsewhere = [], ...lan }, { spec }) {
    const first = judgeSizes(lan, spec);
    const all = [first, ...elsewhere.map((sizes) => judgeSizes(sizes, spec))];
    const wrong =
      all.find(({ verdict }) => verdict === 'fail') ?? all.find(({ verdict }) => verdict !== 'pass');
    if (wrong || all.length === 1) return wrong ?? first;
    const said = (key: 'expected' | 'seen') => all.map((one) => one[key]).join('; ');
    return pass(said('expected'), said('seen'));
  },
});

function judgeSizes({ requester, requesterMtu, wanted, sent, hosts }: Sizes, spec: LabSpec): Judgement {
  const expected = `MTU ${wanted} on ${list(hosts.map((one) => one.name))}, and an echo of ${wanted} bytes from each`;
  if (requesterMtu > 0 && requesterMtu < wanted)
    return fail(expected, `${requester} has MTU ${requesterMtu}, and cannot ask with ${wanted} bytes`, {
      cause: `${requester}: another MTU than the segment`,
      remedy: on(requester, `ip link set ${deviceAt(spec, requester)} mtu ${wanted}`),
    });
  if (hosts.length === 0 || sent < hosts.length)
    return inconclusive(
      expected,
      `${sent} of ${hosts.length} requests of ${requester} were seen on the wire`,
    );
  if (hosts.some((one) => one.mtu === 0)) return inconclusive(expected, 'an MTU could not be read');
  const silent = hosts.filter((one) => !one.echoed);
  const other = hosts.filter((one) => one.mtu !== wanted);
  const bad = [...new Set([...silent, ...other])];
  if (bad.length === 0) return pass(expected, `${hosts.length} of ${hosts.length} echoed and have it`);
  const said = bad.map(({ name, mtu, echoed }) =>
    echoed ? `${name} has MTU ${mtu}` : `${name} sent no echo of ${wanted} bytes and has MTU ${mtu}`,
  );
  // An own MTU explains a missing echo; without one it may be any loss.
  const unexplained = silent.filter((one) => !other.includes(one));
  const causes = [
    ...(other.length > 0
      ? [`${list(namesOf(other))}: another MTU than the segment, so that large frames are silently lost`]
      : []),
    ...(unexplained.length > 0
      ? [`${list(namesOf(unexplained))} does not answer, or something on the path drops large frames`]
      : []),
  ];
  const device = (host: string) => bad.find(({ name }) => name === host)?.device ?? deviceAt(spec, host);
  return fail(expected, said.join('; '), {
    cause: causes.join('; '),
    remedy: [
      ...on(namesOf(other), (host) => `ip link set ${device(host)} mtu ${wanted}`),
      ...toTellApart(
        unexplained.flatMap(({ name }) =>
          [56, wanted - 28].flatMap((bytes) =>
            on(requester, `ping -c 3 -W 1 -M do -s ${bytes} ${hostSpec(spec, name).ip}`),
          ),
        ),
      ),
    ],
  });
}

const namesOf = (hosts: { name: string }[]): string[] => hosts.map(({ name }) => name);
