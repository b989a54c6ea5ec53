import type { Mutant } from '../../../src/model/check.ts';
import { destinationOf, entryOf } from '../../../src/model/ipvs-words.ts';
import type { Frame } from '../../../src/probe/frame.ts';
import { functional } from '../../common/coassert.ts';
import { onSecondVip } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { drAlone } from '../../common/methods.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, everyHost, filtersOn, on } from '../../common/remedy.ts';
import { list, serviceOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { framesIn, framesOut, hops, type Trace, traceRequests } from '../trace.ts';

/** Replaces every real server of the first TCP service with one of another forwarding method. */
const forwardBy = (flag: '-m' | '-i') =>
  onDirectors((spec) => {
    const service = serviceOf(spec, 'tcp');
    return service.realServers
      .map(
        ({ name, weight }) =>
          `ipvsadm -e ${entryOf(service)} ${destinationOf(spec, service, name)} ${flag} -w ${weight}`,
      )
      .join('\n');
  });

export const nat = (reason: RegExp): Mutant => ({
  id: 'nat',
  breaks: 'real servers added with -m (masquerading) instead of -g',
  change: forwardBy('-m'),
  reason,
});

const otherMethods: Mutant[] = [
  nat(/destination address became/),
  {
    id: 'tunnel',
    breaks: 'real servers added with -i (IPIP) instead of -g',
    change: forwardBy('-i'),
    reason: /wrapped in IPIP/,
  },
];

/** Linux ip_vs_xmit.c, ip_vs_dr_xmit(): a route lookup for the real server, then out; nothing is mangled. */
export const onlyMacsChange = functional<Trace>({
  id: 'PP-01',
  suite: 'path',
  level: 'must',
  title: 'the director rewrites MAC addresses and nothing above them',
  requirement:
    'A packet leaves the director for a real server with source and destination address, ports, sequence number and payload as they came in.',
  source: 'Linux ip_vs_dr_xmit(); LVS-HOWTO, LVS-DR',
  needs: ['capture', 'director'],
  forwards: drAlone,
  vantages: everywhere('tcp'),
  follows: ['serviceAnswers', 'allServersAnswer'],
  mutants: [...otherMethods, onSecondVip(nat(/destination address became/))],
  observe: ({ lab, evidence }) => traceRequests(lab, evidence),
  judge(trace, { spec }) {
    const service = serviceOf(spec, 'tcp');
    const expected = `frames to real servers carry ${trace.cip} → ${trace.vip}:${trace.port} unchanged`;
    const into = framesIn(trace, spec);
    const out = framesOut(trace, spec);
    if (into.length === 0) return inconclusive(expected, 'no request of the client reached a director');
    const changed = out.flatMap((frame) => difference(trace, frame) ?? []);
    if (changed.length > 0)
      return fail(expected, `${changed.length} of ${out.length} forwarded frames differ: ${list(changed)}`, {
        cause: 'the service does not forward by DR (gatewaying)',
        remedy: on(
          everyHost(spec, 'director'),
          ...service.realServers.map(
            ({ name }) => `ipvsadm -e ${entryOf(service)} ${destinationOf(spec, service, name)} -g`,
          ),
        ),
      });
    const paired = hops(trace, spec);
    if (paired.length === 0)
      return fail(expected, `${into.length} frames came in, none were forwarded to a real server`, {
        cause: 'the director does not forward: no service, no real server, or a firewall',
        remedy: on(everyHost(spec, 'director'), 'ipvsadm -Ln', 'iptables -vnL'),
      });
    const odd = paired.filter((hop) => hop.in.tcp?.payloadBytes !== hop.out.tcp?.payloadBytes);
    if (odd.length > 0)
      return fail(expected, `the payload of ${odd.length} frames changed its size`, {
        cause: 'something on the director changes payloads',
        remedy: [
          ...on(everyHost(spec, 'director'), 'iptables -t mangle -S', filtersOn(spec, 'egress')),
          ...advice('remove the rule that mangles'),
        ],
      });
    return pass(
      expected,
      `${paired.length} frames went in and out with the same id, addresses, ports and sequence`,
    );
  },
});

function difference(trace: Trace, { outer, ip, tcp }: Frame): string | undefined {
  // Of a fragment nothing inside is known.
  if (outer || ip?.protocol === 4) return 'wrapped in IPIP';
  if (ip?.dst !== trace.vip) return `destination address became ${ip?.dst}`;
  if (tcp?.dstPort !== trace.port) return `destination port became ${tcp?.dstPort}`;
  return undefined;
}

const ttlRestored: Mutant = {
  id: 'ttl-restored',
  breaks: 'a rule on the director sets the TTL back to 64',
  change: onDirectors(
    (spec) =>
      `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 egress protocol ip u32 match ip dst ${serviceOf(spec, 'tcp').vip}/32 action pedit ex munge ip ttl set 64 pipe csum ip`,
  ),
  reason: /by 0/,
};

/** Linux ip_vs_xmit.c, decrement_ttl(): since 4.10 the director counts as a hop. */
export const ttlMinusOne = functional<Trace>({
  id: 'PP-02',
  suite: 'path',
  level: 'must',
  title: 'the TTL goes down by exactly one',
  requirement: 'A forwarded packet has a TTL one less than it came with, and a valid header checksum.',
  source: 'Linux decrement_ttl() in ip_vs_xmit.c; RFC 1812 §5.3.1',
  needs: ['capture', 'director', 'ipvs'],
  vantages: everywhere('tcp'),
  follows: ['serviceAnswers', 'allServersAnswer'],
  mutants: [ttlRestored, onSecondVip(ttlRestored)],
  observe: ({ lab, evidence }) => traceRequests(lab, evidence),
  judge(trace, { spec }) {
    const expected = 'TTL in minus TTL out is 1, checksum valid';
    const paired = hops(trace, spec);
    if (paired.length === 0) return inconclusive(expected, 'no frame was seen on both sides of the director');
    const steps = paired.map((hop) => (hop.in.ip?.ttl ?? 0) - (hop.out.ip?.ttl ?? 0));
    const invalid = paired.filter((hop) => hop.out.ip?.headerChecksumOk === false).length;
    const seen = `in ${paired.length} frames the TTL went down by ${list(steps.map(String))}; ${invalid} bad header checksums`;
    if (steps.every((step) => step === 1) && invalid === 0) return pass(expected, seen);
    return fail(expected, seen, {
      cause: steps.includes(0)
        ? 'the director forwards below IP, or a rule rewrites the TTL'
        : 'more than one hop between director and real server, or a rule rewrites the TTL',
      remedy: [
        ...on(everyHost(spec, 'director'), filtersOn(spec, 'egress'), 'iptables -t mangle -S'),
        ...advice('remove the rule'),
      ],
    });
  },
});
