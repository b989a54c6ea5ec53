import { check } from '../../src/model/check.ts';
import { deviceOf, hostSpec, hostsOf } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { goodnessOfFit } from '../../src/statistics/chi-square.ts';
import { withBorrowedAddresses } from '../common/borrowed.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { filtersOn, on } from '../common/remedy.ts';
import { clientOf, hostOfMac, list, targetOf } from '../common/subjects.ts';
import { nextHops, routerOf } from './hops.ts';
import { onRouter } from './mutants.ts';
import { announced, announcedService, ownAnnounced } from './stage.ts';

interface Spread {
  router: string;
  hops: string[];
  asked: number;
  /** By flow: the directors that its packets were sent to. */
  flows: string[][];
}

const addresses = 32;
const each = 8;
/** Shares less likely than this are no chance. */
const leastP = 1e-6;

export const flowsAreSpread = check<Spread>({
  id: 'ANY-01',
  suite: 'anycast',
  level: 'must',
  title: 'every director that announces gets its share of the flows, and a flow stays on one',
  requirement:
    'A router spreads flows evenly over the next hops of a VIP, and sends all packets of a flow to the same one.',
  source: 'RFC 2991, RFC 2992; Linux ip-sysctl.rst: fib_multipath_hash_policy',
  needs: ['capture', 'announcedVips', 'ipvs'],
  announced: true,
  stage: announced,
  own: ownAnnounced(),
  mutants: [
    {
      id: 'static-route',
      breaks: 'a static route to the VIP that is left on the router leads to one director',
      change: onRouter((spec) => {
        const { vip } = announcedService(spec);
        return `ip route add ${vip}/32 via ${hostsOf(spec, 'director')[0]?.ip} metric 1`;
      }),
      reason: /got no flow/,
    },
    {
      id: 'torn',
      breaks: 'the router sends the SYN of a flow to one director and what follows to another',
      change: onRouter((spec) => {
        const { vip } = announcedService(spec);
        const [one] = hostsOf(spec, 'director');
        const device = deviceOf(hostSpec(spec, routerOf(spec)));
        return `tc qdisc add dev ${device} clsact
          tc filter add dev ${device} egress protocol ip u32 match ip dst ${vip}/32 match u8 0x10 0xff at 33 action pedit ex munge eth dst set ${one?.mac}`;
      }),
      reason: /went to several directors/,
    },
  ],
  async observe({ lab, evidence }) {
    const { spec } = lab;
    const service = announcedService(spec);
    const client = clientOf(spec);
    const prober = await proberOn(lab, client.name);
    const hops = await nextHops(lab, service.vip);
    return withBorrowedAddresses(lab, addresses, async (from) => {
      const capture = await lab.capture({
        filter: `tcp and dst host ${service.vip} and dst port ${service.port}`,
        snapLengthBytes: 96,
      });
      await prober.requests(targetOf(service), { count: addresses * each, from, parallel: 16 });
      const pcap = await capture.stop();
      await evidence.save('flows.pcap', pcap);
      const flows = new Map<string, Set<string>>();
      for (const { dst, ip, tcp } of decodePcap(pcap)) {
        const host = hostOfMac(spec, dst);
        if (host?.role !== 'director' || !ip || !tcp) continue;
        const flow = `${ip.src}:${tcp.srcPort}`;
        flows.set(flow, (flows.get(flow) ?? new Set()).add(host.name));
      }
      const asked = addresses * each;
      return {
        router: routerOf(spec),
        hops,
        asked,
        flows: [...flows.values()].map((some) => [...some].sort()),
      };
    });
  },
  judge({ router, hops, asked, flows }, { spec }) {
    const { vip } = announcedService(spec);
    const expected = `${asked} flows spread evenly over ${list(hops)}, each on one of them`;
    if (hops.length < 2) return inconclusive(expected, `${router} has ${hops.length} next hops to ${vip}`);
    if (flows.length < 0.9 * asked)
      return inconclusive(expected, `${flows.length} of ${asked} flows were seen on the wire`);
    const torn = flows.filter((some) => some.length > 1).length;
    const counts = hops.map((name) => flows.filter((some) => some.includes(name)).length);
    const figures = hops.map((name, i) => ({
      name: `share of the flows, ${name}`,
      value: (counts[i] ?? 0) / flows.length,
      unit: '1',
      samples: flows.length,
    }));
    const seen = hops.map((name, i) => `${name} ${counts[i]}`).join(', ');
    const policy = 'sysctl -w net.ipv4.fib_multipath_hash_policy=1';
    const shown = on(router, `ip route show ${vip}/32`, filtersOn(spec, 'egress'), policy);
    if (torn > 0)
      return fail(expected, `${torn} of ${flows.length} flows went to several directors`, {
        cause: `${router} does not keep a flow on its next hop: it goes by packet, or the next hops changed meanwhile`,
        remedy: shown,
        figures,
      });
    const idle = hops.filter((_, i) => counts[i] === 0);
    if (idle.length > 0)
      return fail(expected, `${list(idle)} got no flow: ${seen}`, {
        cause: `${router} does not spread what is for ${vip}: another route is better, or it hashes by what all flows have in common`,
        remedy: shown,
        figures,
      });
    const { p } = goodnessOfFit(
      counts,
      hops.map(() => 1),
    );
    if (p < leastP)
      return fail(expected, `uneven shares: ${seen}`, {
        cause: `${router} gives its next hops to ${vip} other weights, or hashes by too little`,
        remedy: shown,
        figures,
      });
    return pass(expected, seen, { figures });
  },
});
