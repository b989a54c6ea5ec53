import { check } from '../../src/model/check.ts';
import { hostsOf } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { flushNeighbours } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { firstServer } from '../common/mutate.ts';
import { deviceAt, hostsWithMacs, on } from '../common/remedy.ts';
import { hostOfMac, hostOnSegment6, list, macsOf, serviceOf } from '../common/subjects.ts';
import { own6 } from './own.ts';
import { address6, onStage6, patienceMs } from './stage.ts';

interface Solicitations {
  vip: string;
  answered: number;
  /** Sent by real servers, by MAC and source address. */
  sent: { mac: string; from: string; target: string }[];
}

/** Linux ndisc.c, ndisc_solicit(): the packet's source is taken only if it is an address of the outgoing device. */
export const solicitsFromRip = check<Solicitations>({
  ...onStage6,
  own: own6('tcp'),
  id: 'ND-03',
  level: 'should',
  title: 'no real server solicits from the IPv6 VIP',
  requirement: 'Neighbour solicitations that real servers send name their RIP as source, never the VIP.',
  source: 'RFC 4861 §7.2.2; Linux ndisc_solicit()',
  needs: ['capture', 'director'],
  mutants: [
    {
      id: 'vip-on-eth0',
      breaks: 'the VIP of one real server on eth0 instead of lo',
      change: firstServer({ vipDevice: 'eth0' }),
      reason: /rs1 has the VIP on the device/,
    },
  ],
  async observe({ lab, evidence }) {
    const { vip, port } = serviceOf(lab.spec, 'tcp');
    const client = hostOnSegment6(lab.spec);
    const servers = hostsOf(lab.spec, 'realServer').map(({ name }) => lab.host(name));
    const prober = await proberOn(lab, client.name);
    const count = 2 * servers.length;
    const ask = (n: number) =>
      prober.requests(
        { ip: vip, port },
        { count: n, parallel: n, localAddress: address6(client), timeoutMs: patienceMs },
      );
    // The client finds the VIP first: its own question would give a real server the answer to the one we wait for.
    await ask(1);
    await using capture = await lab.capture({ filter: 'icmp6' });
    await flushNeighbours(servers, 6);
    const answers = await ask(count);
    const pcap = await capture.stop();
    await evidence.save('solicitations.pcap', pcap);
    const macs = macsOf(hostsOf(lab.spec, 'realServer'));
    return {
      vip,
      answered: answers.filter((answer) => answer.ok).length,
      sent: decodePcap(pcap).flatMap(({ src, ip6, icmp6 }) =>
        icmp6?.type === 135 && icmp6.nd && ip6 && macs.has(src)
          ? [{ mac: src, from: ip6.src, target: icmp6.nd.target }]
          : [],
      ),
    };
  },
  judge({ vip, answered, sent }, { spec }) {
    const expected = `real servers solicit from their RIP, never from ${vip}`;
    if (sent.length === 0)
      return inconclusive(expected, `no real server solicited anyone; ${answered} requests answered`);
    const bad = sent.filter((one) => one.from === vip);
    if (bad.length === 0)
      return pass(expected, `${sent.length} solicitations of real servers, none from ${vip}`);
    const hosts = list(bad.map((one) => hostOfMac(spec, one.mac)?.name ?? one.mac));
    return fail(
      expected,
      `${bad.length} of ${sent.length} solicitations, sent by ${hosts}, came from ${vip}`,
      {
        cause: `${hosts} has the VIP on the device that it solicits from`,
        remedy: on(
          hostsWithMacs(
            spec,
            bad.map(({ mac }) => mac),
          ),
          (host) => `ip -6 addr flush dev ${deviceAt(spec, host)} to ${vip}`,
          `ip addr add ${vip}/128 dev lo`,
        ),
      },
    );
  },
});
