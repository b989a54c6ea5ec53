import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { type HostSpec, hostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { legTo } from '../../src/model/topology.ts';
import { clientKinds } from '../../src/model/vantage.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import type { Why } from '../common/looking/look.ts';
import { noRoute, withoutVip } from '../common/looking/on-server.ts';
import { realServersOf, senderTo, serviceOf } from '../common/subjects.ts';
import { type Syn, type SynAnswer, sendSyns } from '../common/syns.ts';

/*
 *   client   ──SYN to VIP, SYN to RIP──▶ real server      in frames for that real server, past the director:
 *   director ──SYN to VIP, SYN to RIP──▶                  what each real server's filter accepts from whom
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
  /** What the same SYN, not answered, got when it was sent again some more times. */
  later?: 'accepted' | 'refused';
}

export interface Knocks {
  port: number;
  knocks: Knock[];
  /** SYNs of ours that the capture saw. */
  sent: number;
  /** The way back to each client whose SYN for the VIP was never answered, as `ip route get` has it there. */
  routes?: { server: string; source: string; route: string }[];
}

/** Too many for the ports of crafted segments; any answer of TCP tells whether the filter let the SYN in. */
const firstPort = 46_200;

/** Every client (those behind a router knock there, with their own address) and the director, at every real server. */
export async function knockAll(lab: Lab, evidence: Evidence): Promise<Knocks> {
  const { spec } = lab;
  const service = serviceOf(spec, 'tcp');
  const { vip, port } = service;
  const director = hostSpec(spec, await activeDirector(lab, vip));
  const kinds = clientKinds(spec);
  const clients = [...new Set([...kinds, ...hostsOf(spec, 'client')])].slice(0, Math.max(4, kinds.length));
  const sourcesFor = (server: HostSpec) => [
    ...clients.map((source) => ({ from: 'client' as const, source, sender: senderTo(spec, source, server) })),
    {
      ...{ from: 'director' as const, sender: director },
      source: { ...director, ip: legTo(spec, director, server).ip },
    },
  ];
  const syns = realServersOf(spec, service)
    .flatMap((server) =>
      sourcesFor(server).flatMap((source) => [
        { ...source, server, to: 'vip' as const, ip: vip, port },
        { ...source, server, to: 'rip' as const, ip: server.ip, port },
      ]),
    )
    .map((syn, index) => ({ ...syn, srcPort: firstPort + index }));
  const { sent, answerTo } = await sendSyns(lab, syns, 'knocks', evidence);
  const later = await askAgain(
    lab,
    evidence,
    syns.filter((syn) => answerTo(syn) === 'none' && syn.to === 'vip'),
  );
  const knocks = syns.map((syn): Knock => {
    const asked = later.get(syn);
    return {
      ...{ server: syn.server.name, from: syn.from, source: syn.source.name, to: syn.to },
      answer: filtered(answerTo(syn)),
      ...(asked && asked !== 'none' && { later: asked }),
    };
  });
  const routes = await waysBack(
    lab,
    vip,
    syns.filter((syn) => syn.from === 'client' && later.get(syn) === 'none'),
  );
  return { port, sent, knocks, ...(routes.length > 0 && { routes }) };
}

const filtered = (answer: SynAnswer): Knock['answer'] => (answer === 'unreachable' ? 'refused' : answer);

const moreTries = 3;

/** A filter stays as it is; what is lost, or over a limit, gets through some time. */
async function askAgain<S extends Syn>(
  lab: Lab,
  evidence: Evidence,
  silent: S[],
): Promise<Map<S, Knock['answer']>> {
  const later = new Map(silent.map((syn): [S, Knock['answer']] => [syn, 'none']));
  for (let round = 1; round <= moreTries; round++) {
    const asked = silent.filter((syn) => later.get(syn) === 'none');
    if (asked.length === 0) break;
    const { answerTo } = await sendSyns(lab, asked, `knocks-more-${round}`, evidence);
    for (const syn of asked) later.set(syn, filtered(answerTo(syn)));
  }
  return later;
}

const notLocal = 'the VIP is not local';

const waysBack = (lab: Lab, vip: string, syns: Syn[]): Promise<NonNullable<Knocks['routes']>> =>
  Promise.all(
    syns.map(async ({ server, source }) => {
      const { stdout } = await lab
        .host(server.name)
        // Nothing goes back from an address that the host does not have; ip(8) calls that unreachable, too.
        .exec(
          `if ip -4 route get ${vip} 2>&1 | grep -q ^local; then ip -4 route get ${source.ip} from ${vip} 2>&1 | head -n 1; else echo ${notLocal}; fi`,
        );
      return { server: server.name, source: source.name, route: stdout.trim() };
    }),
  );

/** Names of the real servers at which some knock of this kind was answered so. */
export const serversWith = (
  { knocks }: Knocks,
  kind: Pick<Knock, 'from' | 'to'>,
  answers: Knock['answer'][],
): string[] => [
  ...new Set(
    knocks
      .filter(
        (one) => one.from === kind.from && one.to === kind.to && answers.includes(one.later ?? one.answer),
      )
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
        const n = own.filter((one) => !one.later && one.answer === answer).length;
        return n > 0 ? [`${n} ${answer === 'none' ? 'not answered' : answer}`] : [];
      });
      const later = own.filter((one) => one.later).length;
      return `${kind} ${[...tally, ...(later > 0 ? [`${later} only when asked again`] : [])].join(', ')}`;
    })
    .join('; ');
}

export const vipOf = (spec: LabSpec): string => serviceOf(spec, 'tcp').vip;

/** Why the filter of a real server has no part in it that clients are not answered: no VIP, or no way back. */
export function withoutWayBack({ routes = [] }: Knocks, spec: LabSpec): (Why & { server: string })[] {
  const one = routes.flatMap(({ server, source, route }) => {
    const why =
      route === notLocal
        ? withoutVip(server, serviceOf(spec, 'tcp'))
        : noRoute({ server, route }, hostSpec(spec, source).ip);
    return why ? [{ server, ...why }] : [];
  });
  return one.filter(({ server }, i) => one.findIndex((other) => other.server === server) === i);
}
