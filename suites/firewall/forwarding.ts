import { entryOf, listedPort } from '../../src/model/ipvs-words.ts';
import { vipsOf } from '../../src/model/spec.ts';
import { type Answer, proberOn } from '../../src/probe/client/prober.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { endpoint } from '../../src/util/ipv6.ts';
import { barrier } from '../common/barrier.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, on } from '../common/remedy.ts';
import {
  clientOf,
  hostOfMac,
  list,
  nameOfMac,
  realServersOf,
  serviceOf,
  targetOf,
} from '../common/subjects.ts';
import { type ChainCount, chain } from './counters.ts';
import { directorRules } from './rules.ts';
import { countedPorts, firewalled } from './stage.ts';

interface Forwarding {
  director: string;
  answers: Answer[];
  /** FORWARD afterwards; it has dropped from the start. */
  forward: ChainCount;
}

/** Against the advice to open FORWARD: what IPVS sends comes from LOCAL_OUT. */
export const forwardHasNoSay = functional<Forwarding>({
  id: 'FW-02',
  suite: 'firewall',
  level: 'must',
  title: 'FORWARD has no say: traffic for the VIP passes while it drops everything',
  requirement: 'With the policy DROP for FORWARD on the director every connection is answered.',
  source: 'Linux ip_vs_in() at LOCAL_IN, ip_vs_dr_xmit() through LOCAL_OUT',
  needs: ['ipvs', 'director', 'iptables'],
  stage: firewalled,
  mutants: [
    {
      id: 'forward-opened-input-closed',
      breaks: 'FORWARD opened for the VIP and INPUT closed, as if the director were a router',
      change: directorRules((spec) => [
        '-P FORWARD ACCEPT',
        `-A FORWARD -d ${vipsOf(spec)[0]} -j ACCEPT`,
        '-P INPUT DROP',
      ]),
      reason: /timeout.*INPUT/,
    },
  ],
  async observe({ lab }) {
    const service = serviceOf(lab.spec, 'tcp');
    const director = lab.spec.hosts.find((host) => host.role === 'director')?.name ?? '';
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const count = 2 * service.realServers.length;
    const answers = await prober.requests(targetOf(service), { count, parallel: 4, timeoutMs: 1_000 });
    return { director, answers, forward: await chain(lab.host(director), 'filter', 'FORWARD') };
  },
  judge({ director, answers, forward }, { spec }) {
    const expected = `${answers.length} of ${answers.length} connections answered, none of their packets in FORWARD`;
    const ok = answers.filter((one) => one.ok).length;
    const through = forward.policyPackets + forward.rules.reduce((sum, rule) => sum + rule.packets, 0);
    const errors = answers.flatMap((one) => one.error ?? []);
    const seen = `${ok} of ${answers.length} answered${errors.length > 0 ? ` (${list(errors)})` : ''}; FORWARD is ${forward.policy} and saw ${through} packets`;
    if (answers.length === 0) return inconclusive(expected, 'no connection was tried');
    if (ok < answers.length || through > 0)
      return fail(expected, seen, {
        cause:
          through > 0
            ? `${director} routes packets for the VIP instead of balancing them: the VIP is not local`
            : `${director} lets nothing in: what is for the VIP goes through INPUT and OUTPUT, whatever FORWARD allows`,
        remedy: [
          ...on(director, `iptables -I INPUT -d ${serviceOf(spec, 'tcp').vip} -j ACCEPT`),
          ...advice('FORWARD needs no rule'),
        ],
      });
    if (forward.policy !== 'DROP')
      return inconclusive(expected, `FORWARD does not drop, so this shows nothing; ${seen}`);
    return pass(expected, seen);
  },
});

const methods = ['GATE', 'MASQ', 'IPIP'];

interface Methods {
  director: string;
  /** Distinct packets that left the director, of the connections that the rules count. */
  sent: number;
  /** Real servers that they went to. */
  to: string[];
  counted: ChainCount;
}

/** iptables-extensions(8), ipvs: a rule may ask for the forwarding method of a packet's connection. */
export const methodMatches = functional<Methods>({
  id: 'FW-12',
  suite: 'firewall',
  level: 'should',
  title: 'firewall rules can tell packets of direct routing: --vmethod GATE',
  requirement:
    'In OUTPUT the ipvs match knows every packet that IPVS sends to a real server, as GATE and as nothing else.',
  source: 'iptables-extensions(8) ipvs; Linux xt_ipvs.c',
  needs: ['capture', 'ipvs', 'director', 'iptables'],
  stage: firewalled,
  mutants: [
    {
      id: 'service-masquerades',
      breaks: 'the service forwards with NAT (-m), not with direct routing',
      change: (spec) => ({
        ...spec,
        services: spec.services.map((service) => ({ ...service, forward: 'nat' })),
      }),
      reason: /GATE 0, MASQ [1-9]/,
    },
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const director = lab.spec.hosts.find((host) => host.role === 'director');
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const { from, count } = countedPorts;
    const capture = await lab.capture({ filter: `tcp src portrange ${from}-${from + count - 1}` });
    await prober.requests(targetOf(service), { count, fromPort: from, timeoutMs: 500 });
    // Both counts are of packets that have all passed.
    await barrier(lab.host(prober.client), director ? [director.ip] : []);
    const counted = await chain(lab.host(director?.name ?? ''), 'mangle', 'OUTPUT');
    const pcap = await capture.stop();
    await evidence.save('counted.pcap', pcap);
    const sent = decodePcap(pcap).filter((frame) => frame.src === director?.mac);
    return {
      director: director?.name ?? '',
      sent: sent.length,
      to: [
        ...new Set(
          sent.map((frame) => hostOfMac(lab.spec, frame.dst)?.name ?? nameOfMac(lab.spec, frame.dst)),
        ),
      ],
      counted,
    };
  },
  judge({ director, sent, to, counted }, { spec }) {
    const service = serviceOf(spec, 'tcp');
    const expected = `GATE matches all ${sent} packets that ${director} sent, MASQ and IPIP none`;
    const of = (method: string): number | undefined =>
      counted.rules.find((one) => one.rule.endsWith(`vmethod ${method}`))?.packets;
    const seen = `${sent} packets sent to ${list(to)}; ${methods.map((method) => `${method} ${of(method) ?? '?'}`).join(', ')}`;
    if (methods.some((method) => of(method) === undefined))
      return inconclusive(expected, `the counting rules are missing; ${seen}`);
    if (sent === 0 && of('MASQ') === 0) return inconclusive(expected, `nothing was sent; ${seen}`);
    if (of('GATE') === sent && of('MASQ') === 0 && of('IPIP') === 0) return pass(expected, seen);
    return fail(expected, seen, {
      cause:
        of('GATE') === 0
          ? `the service on ${director} does not forward with direct routing`
          : 'the ipvs match misses packets',
      remedy: on(
        director,
        ...realServersOf(spec, service).map(
          ({ ip }) => `ipvsadm -e ${entryOf(service)} -r ${endpoint(ip, listedPort(service))} -g`,
        ),
      ),
    });
  },
});
