import type { Judgement, Mutant } from '../../../src/model/check.ts';
import { methodsIn } from '../../../src/model/forwarding.ts';
import type { RemedyStep } from '../../../src/model/remedy.ts';
import { hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { macsOfHost } from '../../../src/model/topology.ts';
import type { Frame } from '../../../src/probe/frame.ts';
import { functional } from '../../common/coassert.ts';
import { forRoutedClient } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { withVip } from '../../common/methods.ts';
import { onFirstServer } from '../../common/mutate.ts';
import { advice, everyHost, hostsWithMacs, on } from '../../common/remedy.ts';
import {
  clientOf,
  hostOfMac,
  list,
  macsOf,
  nameOfMac,
  observerOf,
  realServersOf,
  serviceOf,
  takerOf,
} from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { repliesOf, type Trace, traceRequests } from '../trace.ts';

const wayBackThroughDirector = (reason: RegExp): Mutant => ({
  id: 'way-back-through-director',
  breaks: 'one real server routes its answers through the director',
  change: onFirstServer(
    (spec) => `ip route replace ${clientOf(spec).ip}/32 via ${hostsOf(spec, 'director')[0]?.ip} dev eth0`,
  ),
  reason,
});

const remedyRoute = (spec: LabSpec, frames: Frame[]): RemedyStep[] => [
  ...on(
    hostsWithMacs(
      spec,
      frames.map(({ src }) => src),
    ),
    `ip route get ${clientOf(spec).ip}`,
  ),
  ...advice(`they need a route to ${clientOf(spec).ip} without the director`),
];

/** LVS-HOWTO, LVS-DR: «the real servers reply directly to the client». */
export const repliesGoDirect = functional<Trace>({
  id: 'RP-01',
  differsBy: 'nat',
  suite: 'path',
  level: 'must',
  title: 'answers leave the real server from the VIP, straight to the client',
  requirement:
    'An answer has the VIP as source address, the MAC of the real server as source, and the client or its router as destination; with NAT it goes back through the director, which puts the VIP in.',
  source: 'LVS-HOWTO, LVS-DR; Linux ip_vs documentation',
  needs: ['capture', 'director'],
  vantages: everywhere('tcp'),
  presumes: ['serviceAnswers'],
  follows: ['allServersAnswer'],
  mutants: [wayBackThroughDirector(/to d1/), forRoutedClient(wayBackThroughDirector(/to d1/))],
  observe: ({ lab, evidence }) => traceRequests(lab, evidence),
  judge(trace, { spec }) {
    if (methodsIn(serviceOf(spec, 'tcp')).includes('nat')) return backThroughDirector(trace, spec);
    const client = clientOf(spec);
    const takers = new Map(
      realServersOf(spec, serviceOf(spec, 'tcp')).flatMap((server) => {
        const { mac } = takerOf(spec, server, client).leg;
        return macsOfHost(server).map((own): [string, string] => [own, mac]);
      }),
    );
    const towards = list([...takers.values()].map((mac) => nameOfMac(spec, mac)));
    const expected = `answers go from ${trace.vip} to ${towards}`;
    const replies = repliesOf(trace, spec);
    if (replies.length === 0) return inconclusive(expected, 'no real server sent any answer');
    const wrongSource = replies.filter((frame) => frame.ip?.src !== trace.vip);
    const wrongWay = replies.filter((frame) => frame.dst !== takers.get(frame.src));
    if (wrongSource.length > 0)
      return fail(
        expected,
        `${wrongSource.length} answers have ${list(wrongSource.map((one) => one.ip?.src ?? ''))} as source`,
        {
          cause:
            'the packet reached the real server with another destination: not DR, or NAT on the real server',
          remedy: [
            ...on(everyHost(spec, 'director'), 'ipvsadm -Ln'),
            ...on(
              hostsWithMacs(
                spec,
                wrongSource.map(({ src }) => src),
              ),
              'iptables -t nat -S',
              'nft list ruleset',
            ),
          ],
        },
      );
    if (wrongWay.length > 0) {
      const servers = list(wrongWay.map((frame) => hostOfMac(spec, frame.src)?.name ?? frame.src));
      return fail(
        expected,
        `${wrongWay.length} of ${replies.length} answers, from ${servers}, went to ${list(wrongWay.map((one) => nameOfMac(spec, one.dst)))}`,
        { cause: `${servers} reaches the client by another path`, remedy: remedyRoute(spec, wrongWay) },
      );
    }
    return pass(expected, `${replies.length} of ${replies.length} frames did`);
  },
});

/** Linux ip_vs_nat.c: what a real server answers is rewritten where the request was, so it must pass there. */
function backThroughDirector(trace: Trace, spec: LabSpec): Judgement {
  const towards = observerOf(spec);
  const directors = macsOf(hostsOf(spec, 'director'));
  const expected = `answers go to a director, which sends them from ${trace.vip} to ${nameOfMac(spec, towards.mac)}`;
  const replies = repliesOf(trace, spec);
  if (replies.length === 0) return inconclusive(expected, 'no real server sent any answer');
  const past = replies.filter(({ dst }) => !directors.has(dst));
  const servers = [...new Set(past.map(({ src }) => hostOfMac(spec, src)?.name ?? src))];
  const client = clientOf(spec).ip;
  if (past.length > 0)
    return fail(
      expected,
      `${past.length} of ${replies.length} answers, from ${list(servers)}, went to ${list(past.map(({ dst }) => nameOfMac(spec, dst)))}`,
      {
        cause: `${list(servers)} reaches the client past the director, and so from the RIP`,
        remedy: [
          ...on(servers, `ip route get ${client}`),
          ...advice('the default route of a real server behind NAT is the director'),
        ],
      },
    );
  const out = trace.frames.filter(
    ({ src, dst, ip, tcp }) =>
      directors.has(src) && dst === towards.mac && ip?.dst === trace.cip && tcp?.srcPort === trace.port,
  );
  const from = list(out.map(({ ip }) => ip?.src ?? ''));
  const seen = `${replies.length} answers went to a director; ${out.length} left it, from ${from}`;
  if (out.length > 0 && out.every(({ ip }) => ip?.src === trace.vip)) return pass(expected, seen);
  const names = hostsOf(spec, 'director').map(({ name }) => name);
  return fail(expected, seen, {
    cause:
      out.length === 0
        ? `${list(names)} sends no answers on: it does not route, or a filter drops them`
        : `${list(names)} routes answers without rewriting them: it does not know the connection`,
    remedy: on(names, 'sysctl net.ipv4.ip_forward', 'ipvsadm -Ln', 'iptables -vnL FORWARD'),
  });
}

export const directorSeesNoReply = functional<Trace>({
  id: 'RP-02',
  suite: 'path',
  level: 'must',
  title: 'no frame from the VIP enters the director',
  requirement:
    'The director sees the request half of a connection only: nothing with the VIP as source comes in.',
  source: 'LVS-HOWTO, LVS-DR; fib_validate_source() drops such frames as martians',
  needs: ['capture', 'director'],
  forwards: withVip,
  vantages: everywhere('tcp'),
  presumes: ['serviceAnswers'],
  follows: ['allServersAnswer'],
  mutants: [wayBackThroughDirector(/from the VIP/), forRoutedClient(wayBackThroughDirector(/from the VIP/))],
  observe: ({ lab, evidence }) => traceRequests(lab, evidence),
  judge(trace, { spec }) {
    const expected = `0 frames with source ${trace.vip} enter a director`;
    if (repliesOf(trace, spec).length === 0) return inconclusive(expected, 'no real server sent any answer');
    const directors = macsOf(hostsOf(spec, 'director'));
    const entering = trace.frames.filter((frame) => frame.ip?.src === trace.vip && directors.has(frame.dst));
    const senders = list(entering.map((frame) => hostOfMac(spec, frame.src)?.name ?? frame.src));
    const seen = `${entering.length} frames from the VIP entered a director`;
    if (entering.length === 0) return pass(expected, seen);
    return fail(expected, `${seen}, sent by ${senders}`, {
      cause: `${senders} uses the director as its gateway`,
      remedy: remedyRoute(spec, entering),
    });
  },
});
