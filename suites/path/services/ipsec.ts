import { check } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostsOf } from '../../../src/model/spec.ts';
import { ipFrame, udpFrame } from '../../../src/probe/frame.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { clientAddresses } from '../../common/stages.ts';
import { hostOfMac, list, macsOf } from '../../common/subjects.ts';
import { sendFrom, wayToVip } from '../crafted.ts';
import { ports, variety } from '../staged.ts';

interface Ipsec {
  director: string;
  /** Who got the ISAKMP datagram of the client that sends one; undefined: nobody. */
  owner?: string;
  packets: { protocol: 'AH' | 'ESP'; afterIsakmp: boolean; into: number; reached: string[] }[];
}

const numbers = { ESP: 50, AH: 51 } as const;

/** RFC 4303 §2, RFC 4302 §2: enough of a header to be one; nobody has the keys. */
const bodies = {
  ESP: Uint8Array.from([0, 0, 0x10, 0x01, 0, 0, 0, 1, ...new Array(24).fill(0x5a)]),
  AH: Uint8Array.from([6, 4, 0, 0, 0, 0, 0x10, 0x01, 0, 0, 0, 1, ...new Array(20).fill(0)]),
} as const;

async function send(lab: Lab, save: (pcap: Uint8Array) => Promise<void>): Promise<Ipsec> {
  const way = await wayToVip(lab);
  const [, other = '', known = ''] = clientAddresses(lab.spec);
  const kinds = ['ESP', 'AH'] as const;
  const both = (srcIp: string) =>
    kinds.map((kind) => ipFrame({ ...way.ends, srcIp, protocol: numbers[kind], payload: bodies[kind] }));
  const isakmp = udpFrame({
    ...way.ends,
    srcIp: known,
    srcPort: ports.isakmp,
    dstPort: ports.isakmp,
    payload: new Uint8Array(28),
  });
  const capture = await lab.capture({
    filter: `dst host ${way.vip} and (proto 50 or proto 51 or udp port ${ports.isakmp})`,
  });
  await sendFrom(lab, way, [...both(other), isakmp, ...both(known)]);
  const pcap = await capture.stop();
  await save(pcap);
  const seen = decodePcap(pcap);
  const servers = macsOf(hostsOf(lab.spec, 'realServer'));
  const nameOf = (mac: string) => hostOfMac(lab.spec, mac)?.name ?? mac;
  const owner = seen.find((one) => one.udp !== undefined && servers.has(one.dst));
  return {
    director: way.director.name,
    ...(owner && { owner: nameOf(owner.dst) }),
    packets: [other, known].flatMap((src) =>
      kinds.map((protocol) => {
        const same = seen.filter(({ ip }) => ip?.src === src && ip.protocol === numbers[protocol]);
        return {
          protocol,
          afterIsakmp: src === known,
          into: same.filter((one) => one.dst === way.director.mac).length,
          reached: same.filter((one) => servers.has(one.dst)).map((one) => nameOf(one.dst)),
        };
      }),
    ),
  };
}

/**
 * Linux ip_vs_proto_ah_esp.c: ah_esp_conn_schedule() never schedules, not by a firewall mark either; ah_esp_conn_in_get() takes AH and ESP for
 * part of the ISAKMP flow (UDP 500 to 500) of the same two addresses.
 */
export const ipsecFollowsIsakmp = check<Ipsec>({
  id: 'PP-19',
  suite: 'path',
  level: 'should',
  title: 'AH and ESP follow the ISAKMP flow of their client, and are never scheduled themselves',
  requirement:
    'AH and ESP of a client go to the real server of its UDP 500 flow; without such a flow they stay on the director.',
  source: 'Linux ip_vs_proto_ah_esp.c',
  needs: ['capture', 'inject', 'ipvs', 'director', 'directClient'],
  stage: variety,
  mutants: [
    {
      id: 'esp-dropped',
      breaks: 'a firewall on the director drops incoming ESP',
      change: onDirectors(
        () =>
          `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 ingress protocol ip u32 match ip protocol 50 0xff action drop`,
      ),
      reason: /ESP .* reached none.*d1 drops/,
    },
  ],
  observe: ({ lab, evidence }) => send(lab, (pcap) => evidence.save('ipsec.pcap', pcap)),
  judge({ director, owner, packets }) {
    const expected = `AH and ESP to ${owner ?? 'the real server'} after ISAKMP, to no server without it`;
    if (owner === undefined) return inconclusive(expected, 'the ISAKMP datagram reached no real server');
    if (packets.some((one) => one.into === 0))
      return inconclusive(expected, 'not all of our packets were seen entering the director');
    const said = ({ protocol, afterIsakmp, reached }: Ipsec['packets'][number]) =>
      `${protocol} ${afterIsakmp ? 'after' : 'without'} ISAKMP reached ${list(reached)}`;
    const wrong = packets.filter(({ afterIsakmp, reached }) =>
      afterIsakmp ? reached.length !== 1 || reached[0] !== owner : reached.length > 0,
    );
    if (wrong.length === 0) return pass(expected, packets.map(said).join('; '));
    const lost = wrong.some((one) => one.afterIsakmp && one.reached.length === 0);
    return fail(expected, wrong.map(said).join('; '), {
      cause: lost
        ? `${director} drops ${list(wrong.map((one) => one.protocol))}, or its IPVS is without them`
        : `${director} forwards AH or ESP by something other than the ISAKMP entry`,
      remedy: [
        ...on(
          director,
          'iptables -I INPUT -p esp -j ACCEPT',
          'iptables -I INPUT -p ah -j ACCEPT',
          'ipvsadm -Ln',
        ),
        ...advice('the service for UDP 500 is persistent'),
      ],
    });
  },
});
