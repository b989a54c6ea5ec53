import type { Judgement } from '../../src/model/check.ts';
import { hostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { endpoint } from '../../src/util/ipv6.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply, firstServer, onDirectors, sysctls } from '../common/mutate.ts';
import { advice, everyHost, filtersOn, on } from '../common/remedy.ts';
import { hostOnSegment6, list, macsOf, nameOfMac, serviceOf } from '../common/subjects.ts';
import { own6 } from './own.ts';
import { address6, onStage6 } from './stage.ts';
import { framesIn, framesOut, hops, type Seen, silentServers, type Trace6, traceRequests6 } from './trace.ts';

/** Linux ip_vs_dr_xmit_v6(): a route lookup for the real server, the hop limit less one, then out. */
export const onlyMacsChange6 = functional<Trace6>({
  ...onStage6,
  own: own6('tcp'),
  id: 'PP-17',
  level: 'should',
  title:
    'IPv6: the director rewrites MAC addresses and the hop limit, nothing else, and every server answers',
  requirement:
    'An IPv6 packet leaves the director with addresses, ports, sequence and payload as they came, its hop limit one less; real servers with VIP/128 on lo answer it.',
  source: 'Linux ip_vs_dr_xmit_v6(), decrement_ttl(); RFC 8200 §3',
  needs: ['capture', 'inject', 'director', 'ipvs', 'severalRealServers'],
  mutants: [
    {
      id: 'vip-missing',
      breaks: 'one real server does not have the VIP',
      change: firstServer({ vipDevice: 'none' }),
      reason: /rs1 was sent requests and never answered/,
    },
    {
      id: 'vip-on-eth0',
      breaks: 'the VIP of one real server on eth0 instead of lo, so that the client may resolve it first',
      change: firstServer({ vipDevice: 'eth0' }),
      reason: /rs1(, which)? answers/,
    },
    {
      id: 'nat',
      breaks: 'real servers added with -m (masquerading) instead of -g',
      change: onDirectors((spec) =>
        hostsOf(spec, 'realServer')
          .map(
            (host) =>
              `ipvsadm -e -t ${service(spec)} -r ${endpoint(address6(host), serviceOf(spec, 'tcp').port)} -m`,
          )
          .join('\n'),
      ),
      reason: /destination address became/,
    },
    {
      id: 'hop-limit-restored',
      breaks: 'a rule on the director sets the hop limit back to 64',
      change: onDirectors(
        (spec) =>
          `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 egress protocol ipv6 u32 match ip6 dst ${vipsOf(spec)[0]}/128 action pedit ex munge ip6 hoplimit set 64`,
      ),
      reason: /hop limit went down by 0/,
    },
  ],
  observe: ({ lab, evidence }) => traceRequests6(lab, evidence),
  judge(trace, { spec }) {
    const expected = `${trace.cip} → ${endpoint(trace.vip, trace.port)} unchanged but for the MACs and a hop limit one less; every request answered`;
    if (trace.answers.length === 0) return inconclusive(expected, 'no request was tried');
    return changed(expected, trace, spec) ?? answered(expected, trace, spec);
  },
});

const service = (spec: LabSpec): string => endpoint(serviceOf(spec, 'tcp').vip, serviceOf(spec, 'tcp').port);

function changed(expected: string, trace: Trace6, spec: LabSpec): Judgement | undefined {
  const into = framesIn(trace, spec);
  const out = framesOut(trace, spec);
  const differences = out.flatMap((frame) => difference(trace, frame) ?? []);
  if (differences.length > 0)
    return fail(
      expected,
      `${differences.length} of ${out.length} forwarded frames differ: ${list(differences)}`,
      {
        cause: 'the service does not forward by DR (gatewaying)',
        remedy: on(
          trace.director,
          ...hostsOf(spec, 'realServer').map(
            (host) =>
              `ipvsadm -e -t ${endpoint(trace.vip, trace.port)} -r ${endpoint(address6(host), trace.port)} -g`,
          ),
        ),
      },
    );
  const paired = hops(trace, spec);
  if (into.length === 0) return inconclusive(expected, 'no request of the client reached the director');
  if (paired.length === 0)
    return fail(expected, `${into.length} frames came in, none of them were forwarded`, {
      cause: 'the director does not forward them',
      remedy: on(trace.director, 'ipvsadm -Ln', 'ip6tables -S', filtersOn(spec, 'egress')),
    });
  // A frame that comes while the client changes its mind about who has the VIP is not forwarded, and no sign of change.
  const odd = out.length - paired.length;
  if (odd > 0)
    return fail(expected, `${odd} of ${out.length} forwarded frames do not match any that came in`, {
      cause: 'something on the director changes segments',
      remedy: on(trace.director, filtersOn(spec, 'egress'), 'ip6tables -t mangle -S'),
    });
  const steps = paired.map((hop) => (hop.in.ip6?.hopLimit ?? 0) - (hop.out.ip6?.hopLimit ?? 0));
  if (steps.some((step) => step !== 1))
    return fail(
      expected,
      `in ${paired.length} frames the hop limit went down by ${list(steps.map(String))}`,
      {
        cause: 'a rule rewrites the hop limit, or the director is not one hop',
        remedy: on(trace.director, filtersOn(spec, 'egress'), 'ip6tables -t mangle -S'),
      },
    );
  return undefined;
}

function difference(trace: Trace6, { ip6, tcp }: Seen): string | undefined {
  if (ip6?.dst !== trace.vip) return `destination address became ${ip6?.dst}`;
  if (tcp?.dstPort !== trace.port) return `destination port became ${tcp?.dstPort}`;
  return undefined;
}

function answered(expected: string, trace: Trace6, spec: LabSpec): Judgement {
  const silent = silentServers(trace, spec);
  const good = trace.answers.filter((answer) => answer.ok).length;
  const seen = `${good} of ${trace.answers.length} requests answered`;
  if (silent.length > 0)
    return fail(expected, `${seen}; ${list(silent)} was sent requests and never answered`, {
      cause: `the VIP is no address of ${list(silent)}, or nothing listens for IPv6 there`,
      remedy: [
        ...on(silent, `ip addr add ${trace.vip}/128 dev lo`, 'ss -ltn'),
        ...advice(`let the service listen on [::]:${trace.port}`),
      ],
    });
  if (good < trace.answers.length)
    return fail(expected, `${seen}, the others: ${list(trace.answers.flatMap(({ error }) => error ?? []))}`, {
      cause: 'requests or answers get lost between director, real servers and client',
      remedy: [
        ...on(
          spec.hosts.map(({ name }) => name),
          'ip6tables -S',
        ),
        ...advice('read requests.pcap'),
      ],
    });
  const by = list(trace.answers.flatMap((answer) => answer.server ?? []).sort());
  return pass(expected, `${seen}, by ${by}; ${hops(trace, spec).length} frames went in and out so`);
}

/** As PP-05 for IPv4: replies go straight from the real server to the client. */
export const repliesDirect6 = functional<Trace6>({
  ...onStage6,
  own: own6('tcp'),
  id: 'PP-05@ipv6',
  level: 'must',
  title: 'IPv6: every request passes the director, no reply does',
  requirement: 'All segments of the client go to the director; none of the real servers’ comes to it.',
  source: 'Linux ip_vs_dr_xmit_v6(); LVS-HOWTO, LVS-DR',
  needs: ['capture', 'inject', 'director', 'ipvs'],
  mutants: [
    {
      id: 'replies-through-director',
      breaks: 'real servers reach the client by way of the director, which forwards IPv6',
      change: (spec) =>
        afterApply((lab) => {
          const [director] = hostsOf(lab, 'director');
          const cip = address6(hostOnSegment6(lab));
          return hostsOf(lab, 'realServer')
            .map(
              ({ name }) =>
                `ip -n ${name} -6 route add ${cip}/128 via ${director ? address6(director) : ''} dev eth0`,
            )
            .join('\n');
        })(sysctls('director', forwarding)(spec)),
      reason: /replies went to d1/,
    },
  ],
  observe: ({ lab, evidence }) => traceRequests6(lab, evidence),
  judge(trace, { spec }) {
    const expected = `frames from ${trace.vip} go to the client, none to ${trace.director}`;
    const into = framesIn(trace, spec).length;
    const servers = macsOf(hostsOf(spec, 'realServer'));
    const replies = trace.frames.filter(({ src, ip6 }) => servers.has(src) && ip6?.dst === trace.cip);
    if (into === 0 || replies.length === 0)
      return inconclusive(
        expected,
        `${into} frames of the client came in, ${replies.length} replies were seen`,
      );
    const mac = hostSpec(spec, trace.director).mac;
    const detour = replies.filter((frame) => frame.dst === mac);
    const around = trace.frames.filter(
      ({ src, dst, ip6 }) => ip6?.src === trace.cip && servers.has(dst) && src !== mac,
    );
    if (detour.length > 0)
      return fail(expected, `${detour.length} of ${replies.length} replies went to ${trace.director}`, {
        cause: `${list(detour.map((frame) => nameOfMac(spec, frame.src)))} routes the client through ${trace.director}`,
        remedy: [
          ...on(everyHost(spec, 'realServer'), `ip -6 route get ${trace.cip}`),
          ...advice('give them a route that avoids the director'),
        ],
      });
    if (around.length > 0)
      return fail(
        expected,
        `${around.length} frames of the client went to a real server, bypassing ${trace.director}`,
        {
          cause: 'the client’s neighbour entry for the VIP is not the director’s',
          remedy: advice('see ND-01 and ND-03'),
        },
      );
    return pass(
      expected,
      `${into} frames in, ${replies.length} replies, none of them through ${trace.director}`,
    );
  },
});

const forwarding = { 'net.ipv6.conf.all.forwarding': '1', 'net.ipv6.conf.eth0.forwarding': '1' };
