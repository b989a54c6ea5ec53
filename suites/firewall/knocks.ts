import { setTimeout as sleep } from 'node:timers/promises';
import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { deviceOf, type HostSpec, hostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { tcpFrame } from '../../src/probe/frame.ts';
import { inject } from '../../src/probe/inject.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { gatewayOf, realServersOf, serviceOf } from '../common/subjects.ts';

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

interface Plan {
  host: HostSpec;
  source: HostSpec;
  server: HostSpec;
  from: Knock['from'];
  to: Knock['to'];
  port: number;
}

/** Too many for the ports of crafted segments; any answer of TCP tells whether the filter let the SYN in. */
const firstPort = 46_200;

/** Every client (those behind a router knock there, with their own address) and the director, at every real server. */
export async function knockAll(lab: Lab, evidence: Evidence): Promise<Knocks> {
  const { spec } = lab;
  const service = serviceOf(spec, 'tcp');
  const director = hostSpec(spec, await activeDirector(lab, service.vip));
  const clients = hostsOf(spec, 'client').slice(0, 4);
  const sources = [
    ...clients.map((source) => ({ from: 'client' as const, source, host: gatewayOf(spec, source) })),
    { from: 'director' as const, source: director, host: director },
  ];
  let port = firstPort;
  const plans = realServersOf(spec, service).flatMap((server) =>
    sources.flatMap((source) =>
      (['vip', 'rip'] as const).map((to): Plan => ({ ...source, server, to, port: port++ })),
    ),
  );
  const first = await round(lab, plans, 150);
  // Who has not answered gets another chance, in case that this machine was busy.
  const silent = plans.filter((plan) => !first.answers.has(plan.port));
  const second = silent.length > 0 ? await round(lab, silent, 700) : undefined;
  await evidence.save('knocks.pcap', first.pcap);
  if (second) await evidence.save('knocks-again.pcap', second.pcap);
  return {
    port: service.port,
    sent: first.sent,
    knocks: plans.map(({ server, from, source, to, port: ours }) => ({
      server: server.name,
      from,
      source: source.name,
      to,
      answer: first.answers.get(ours) ?? second?.answers.get(ours) ?? 'none',
    })),
  };
}

interface Round {
  sent: number;
  answers: Map<number, Knock['answer']>;
  pcap: Uint8Array;
}

async function round(lab: Lab, plans: Plan[], waitMs: number): Promise<Round> {
  const last = firstPort + 4_096;
  const capture = await lab.capture({
    filter: `tcp portrange ${firstPort}-${last} or icmp[icmptype] == 3`,
  });
  await send(lab, plans, 'syn');
  await sleep(waitMs);
  const pcap = await capture.stop();
  // Half-open connections would repeat their SYN-ACK for a minute.
  await send(lab, plans, 'rst');
  const macs = new Map(plans.map((plan) => [plan.port, plan.server.mac]));
  const answers: Round['answers'] = new Map();
  let sent = 0;
  for (const { src, tcp, icmp } of decodePcap(pcap)) {
    if (tcp?.flags.syn && macs.has(tcp.srcPort)) sent++;
    const answered = tcp && macs.get(tcp.dstPort) === src ? tcp.dstPort : undefined;
    if (answered !== undefined) answers.set(answered, tcp?.flags.rst ? 'refused' : 'accepted');
    const refused = icmp?.quoted?.srcPort ?? 0;
    if (macs.get(refused) === src) answers.set(refused, 'refused');
  }
  return { sent, answers, pcap };
}

async function send(lab: Lab, plans: Plan[], flag: 'syn' | 'rst'): Promise<void> {
  const { vip, port: service } = serviceOf(lab.spec, 'tcp');
  const senders = [...new Set(plans.map(({ host }) => host.name))];
  await Promise.all(
    senders.map((name) => {
      const own = plans.filter(({ host }) => host.name === name);
      const frames = own.map(({ host, source, server, to, port }) =>
        tcpFrame({
          srcMac: host.mac,
          dstMac: server.mac,
          srcIp: source.ip,
          dstIp: to === 'vip' ? vip : server.ip,
          srcPort: port,
          dstPort: service,
          seq: flag === 'syn' ? 1 : 2,
          flags: [flag],
        }),
      );
      return inject(lab.host(name), frames, { device: deviceOf(hostSpec(lab.spec, name)) });
    }),
  );
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
