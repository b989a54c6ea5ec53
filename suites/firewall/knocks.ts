import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { gatewayOf, realServersOf, serviceOf } from '../common/subjects.ts';
import { sendSyns } from '../common/syns.ts';

/*
 *   client   ──SYN to VIP, SYN to RIP──▶ real server      in frames for that real server, past the director:
 *   director ──SYN to VIP, SYN to RIP──▶                  what the filter of each real server lets in from whom
 */

/** A SYN that went straight to one real server, and what came back. */
export interface Knock {
  server: string;
  from: 'client' | 'director';
  /** Name of the host whose address was the source. */
  source: string;
  to: 'vip' | 'rip';
  /** `refused`: a reset, or ICMP unreachable. */
  answer: 'accepted' | 'refused' | 'none';
}

export interface Knocks {
  port: number;
  knocks: Knock[];
  /** SYNs of ours that the capture saw. */
  sent: number;
}

/** Too many for the ports of crafted segments; any answer of TCP tells whether the filter let the SYN in. */
const firstPort = 46_200;

/** Every client (those behind a router knock there, with their own address) and the director, at every real server. */
export async function knockAll(lab: Lab, evidence: Evidence): Promise<Knocks> {
  const { spec } = lab;
  const service = serviceOf(spec, 'tcp');
  const { vip, port } = service;
  const director = hostSpec(spec, await activeDirector(lab, vip));
  const clients = hostsOf(spec, 'client').slice(0, 4);
  const sources = [
    ...clients.map((source) => ({ from: 'client' as const, source, sender: gatewayOf(spec, source) })),
    { from: 'director' as const, source: director, sender: director },
  ];
  const syns = realServersOf(spec, service)
    .flatMap((server) =>
      sources.flatMap((source) => [
        { ...source, server, to: 'vip' as const, ip: vip, port },
        { ...source, server, to: 'rip' as const, ip: server.ip, port },
      ]),
    )
    .map((syn, index) => ({ ...syn, srcPort: firstPort + index }));
  const { sent, answerTo } = await sendSyns(lab, syns, 'knocks', evidence);
  const knocks = syns.map((syn) => {
    const answer = answerTo(syn);
    return {
      ...{ server: syn.server.name, from: syn.from, source: syn.source.name, to: syn.to },
      answer: answer === 'unreachable' ? 'refused' : answer,
    };
  });
  return { port, sent, knocks };
}

/** Names of the real servers at which some knock of this kind was answered so. */
export const serversWith = (
  { knocks }: Knocks,
  kind: Pick<Knock, 'from' | 'to'>,
  answers: Knock['answer'][],
): string[] => [
  ...new Set(
    knocks
      .filter((one) => one.from === kind.from && one.to === kind.to && answers.includes(one.answer))
      .map((one) => one.server),
  ),
];

/** «client to vip: 3 accepted; …». */
export function knocksText({ knocks }: Knocks): string {
  const kinds = [...new Set(knocks.map((one) => `${one.from} to ${one.to.toUpperCase()}`))];
  return kinds
    .map((kind) => {
      const own = knocks.filter((one) => `${one.from} to ${one.to.toUpperCase()}` === kind);
      const tally = (['accepted', 'refused', 'none'] as const).flatMap((answer) => {
        const n = own.filter((one) => one.answer === answer).length;
        return n > 0 ? [`${n} ${answer === 'none' ? 'not answered' : answer}`] : [];
      });
      return `${kind} ${tally.join(', ')}`;
    })
    .join('; ');
}

export const vipOf = (spec: LabSpec): string => serviceOf(spec, 'tcp').vip;
