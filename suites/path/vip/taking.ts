import { check } from '../../../src/model/check.ts';
import type { LabSpec } from '../../../src/model/spec.ts';
import { onSecondVip } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import type { Why } from '../../common/looking/look.ts';
import { onServer } from '../../common/looking/on-server.ts';
import { withVip } from '../../common/methods.ts';
import { firstServer, onFirstServer } from '../../common/mutate.ts';
import { advice, filtersOn, on, toTellApart } from '../../common/remedy.ts';
import { list, serviceOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { hostsThat, type Knock, knock } from './knock.ts';

/** Linux route.c: a packet is for this host only if its destination is a local address. */
export const vipIsLocal = check<Knock>({
  id: 'VIP-01',
  suite: 'path',
  level: 'must',
  title: 'every real server takes packets for the VIP as its own',
  requirement:
    'The VIP is a local address of every real server: a SYN for it in a frame for that server is answered.',
  source: 'LVS-HOWTO, LVS-DR; catalogue VIP-01',
  forwards: withVip,
  needs: ['capture', 'inject', 'director'],
  vantages: everywhere('tcp'),
  follows: ['allServersAnswer'],
  mutants: [
    {
      id: 'vip-missing',
      breaks: 'the VIP left out on one real server',
      change: firstServer({ vipDevice: 'none' }),
      reason: /rs1 did not answer/,
    },
    onSecondVip({
      id: 'vip-removed',
      breaks: 'the VIP removed from one real server',
      change: onFirstServer((spec) => `ip addr del ${serviceOf(spec, 'tcp').vip}/32 dev lo`),
      reason: /rs1 did not answer/,
    }),
  ],
  observe: ({ lab, evidence }) => knock(lab, evidence, 'none'),
  judge(seen, { spec }) {
    const { sent, answers } = seen;
    const { vip } = serviceOf(spec, 'tcp');
    const expected = `each of ${answers.length} real servers answers for ${vip}`;
    if (sent === 0) return inconclusive(expected, 'our SYN was not seen on the wire');
    const deaf = hostsThat(seen, 'none');
    if (deaf.length === 0) return pass(expected, `${answers.length} of ${answers.length} did`);
    if (sent < answers.length)
      return inconclusive(expected, `only ${sent} of ${answers.length} SYNs were seen on the wire`);
    return fail(
      expected,
      `${list(deaf)} did not answer a SYN for ${vip}`,
      why(spec, seen, deaf, (host) => ({
        cause: `${host} does not have ${vip} as a local address, or a filter on it or on the way drops packets for it`,
        remedy: toTellApart(on(host, `ip addr show to ${vip}`, 'iptables -vnL', filtersOn(spec, 'ingress'))),
      })),
    );
  },
});

/** What was seen to be wrong with each of these, else what it can be. */
function why(spec: LabSpec, { look }: Knock, hosts: string[], otherwise: (host: string) => Why): Why {
  const service = serviceOf(spec, 'tcp');
  const whys = hosts.map((host) => {
    const looked = look?.servers.find(({ server }) => server === host);
    return (looked && onServer(spec, service, looked)) ?? otherwise(host);
  });
  return {
    cause: whys.map(({ cause }) => cause).join('; '),
    remedy: whys.flatMap(({ remedy }) => remedy),
  };
}

/** RFC 9293 §3.10.7.1: a SYN for a port on which nothing listens is answered by a reset. */
export const serviceListensOnVip = check<Knock>({
  id: 'VIP-06',
  suite: 'path',
  level: 'must',
  title: 'the service of every real server listens on the VIP',
  requirement: 'Server software is bound to the VIP or to the wildcard address, not to the RIP alone.',
  source: 'LVS-HOWTO, LVS-DR; RFC 9293 §3.10.7.1',
  forwards: withVip,
  needs: ['capture', 'inject', 'director'],
  vantages: everywhere('tcp'),
  follows: ['allServersAnswer'],
  mutants: [
    {
      id: 'listens-on-rip',
      breaks: 'the service of one real server listens on the RIP only',
      change: firstServer({ listenOn: 'rip' }),
      reason: /rs1 refused/,
    },
    onSecondVip({
      id: 'refused-on-vip',
      breaks: 'one real server refuses connections to the VIP',
      change: onFirstServer(
        (spec) =>
          `iptables-legacy -A INPUT -d ${serviceOf(spec, 'tcp').vip} -p tcp -j REJECT --reject-with tcp-reset`,
      ),
      reason: /rs1 refused/,
    }),
  ],
  observe: ({ lab, evidence }) => knock(lab, evidence, 'reset'),
  judge(seen, { spec }) {
    const { sent, answers } = seen;
    const { vip, port } = serviceOf(spec, 'tcp');
    const expected = `SYN-ACK from each real server for ${vip}:${port}`;
    const answering = answers.filter((one) => one.kind !== 'none');
    if (sent === 0 || answering.length === 0) return inconclusive(expected, 'no real server answered at all');
    const refusing = hostsThat(seen, 'reset');
    if (refusing.length === 0 && answering.length < answers.length)
      return inconclusive(
        expected,
        `only ${answering.length} of ${answers.length} answered at all, and not ${list(hostsThat(seen, 'none'))}: see VIP-01`,
      );
    if (refusing.length === 0) return pass(expected, `${answering.length} of ${answers.length} accepted`);
    return fail(
      expected,
      `${list(refusing)} refused a connection to ${vip}:${port}`,
      why(spec, seen, refusing, (host) => ({
        cause: `the service on ${host} does not listen on the VIP, or a filter rejects packets for it`,
        remedy: toTellApart([
          ...on(host, 'ss -ltn', 'iptables -vnL'),
          ...advice(`the service must listen on ${vip} or 0.0.0.0`),
        ]),
      })),
    );
  },
});
