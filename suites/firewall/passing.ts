import type { Mutant } from '../../src/model/check.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { serviceKinds } from '../../src/model/vantage.ts';
import type { Answer } from '../../src/probe/client/prober.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { functional } from '../common/coassert.ts';
import { onDirectorsElsewhere } from '../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, on } from '../common/remedy.ts';
import { count, list, serviceOf } from '../common/subjects.ts';
import { everyClient, everywhere } from '../common/vantages.ts';
import { askAll, crossedText, type Passage, passage, passages } from './passage.ts';
import { directorRules, trackings } from './rules.ts';

const drop = (id: string, chain: 'INPUT' | 'OUTPUT'): Mutant => ({
  id,
  breaks: `the director drops what is for the VIP in ${chain}`,
  change: directorRules((spec) => [`-A ${chain} -p tcp -d ${serviceOf(spec, 'tcp').vip} -j DROP`]),
  reason: new RegExp(`d1 .* ${chain}`),
});

const noun = ({ protocol }: Passage): string => (protocol === 'udp' ? 'datagrams' : 'SYNs');

/** Which hook of a director swallows SYNs: IPVS sits between the two, and counts what reaches it. */
const chainOf = ({ scheduled }: Passage): string =>
  scheduled === undefined ? 'INPUT or OUTPUT' : scheduled === 0 ? 'INPUT' : 'OUTPUT';

const vipAt = ({ services }: LabSpec, { port, protocol }: Passage): string =>
  services.find((one) => one.port === port && one.protocol === protocol)?.vip ?? '';

/** Linux ip_vs_core.c: ip_vs_in() hooks LOCAL_IN, and ip_vs_dr_xmit() sends through LOCAL_OUT. */
export const vipPassesDirector = functional<Passage[]>({
  id: 'FW-01',
  suite: 'firewall',
  level: 'must',
  title: 'the director lets new connections for the VIP through INPUT and OUTPUT',
  requirement:
    'For every service, what opens a connection (a SYN, a datagram) goes into the director and comes out to a real server.',
  source: 'Linux ip_vs_in() at LOCAL_IN, ip_vs_dr_xmit() through LOCAL_OUT',
  needs: ['capture', 'director'],
  vantages: everyClient,
  follows: ['serviceAnswers', 'allServersAnswer'],
  mutants: [
    drop('input-dropped', 'INPUT'),
    drop('output-dropped', 'OUTPUT'),
    onDirectorsElsewhere(
      {
        id: 'one-client-dropped',
        breaks: 'the director drops connections of one client',
        reason: /d1 drops tcp/,
      },
      (_, { ip }) => `iptables-legacy -w -A INPUT -s ${ip} -p tcp --syn -j DROP`,
    ),
  ],
  async observe({ lab, evidence }) {
    const services = lab.spec.services.filter(({ vip }) => !isIpv6(vip));
    if (services.length === 0) throw new CannotHere('the lab has no service with an IPv4 VIP');
    const kinds = serviceKinds(services);
    // No more than four of one kind, so that a lab of a hundred services does not take minutes.
    const some = [...new Set([...kinds, ...services])].slice(0, Math.max(4, kinds.length));
    return passages(lab, some, evidence, askAll);
  },
  judge(all, { spec }) {
    const expected = 'each one that goes in comes out';
    const seen = all
      .map((one) => `${one.protocol} ${one.port}: ${crossedText(one.first, noun(one))}`)
      .join('; ');
    const swallowed = all.find((one) => one.first.out < one.first.in);
    if (!swallowed && (all.length === 0 || all.some((one) => one.first.in === 0)))
      return inconclusive(expected, `nothing of a client reached the director on some ports; ${seen}`);
    if (!swallowed) return pass(expected, seen);
    const { director, protocol, port } = swallowed;
    const chain = chainOf(swallowed);
    return fail(expected, seen, {
      cause: `${director} drops ${protocol} ${port} of the VIP in ${chain}, or has no real server for it`,
      remedy: on(
        director,
        `iptables -I ${chain === 'OUTPUT' ? 'OUTPUT' : 'INPUT'} -p ${protocol} -d ${vipAt(spec, swallowed)} --dport ${port} -j ACCEPT`,
        'ipvsadm -Ln',
      ),
    });
  },
});

/** What a host's own firewall often looks like. On a director half of every connection is missing. */
const statefulRules = [
  '-A INPUT -p tcp -m conntrack --ctstate INVALID -j DROP',
  '-A INPUT -p tcp -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
  '-A INPUT -p tcp --syn -j ACCEPT',
  '-A INPUT -p tcp -j DROP',
];

/** Linux nf_conntrack_proto_tcp.c: the director never sees the SYN-ACK, so the rest of a connection is INVALID or NEW. */
export const noStatefulFilter = functional<Passage>({
  id: 'FW-04',
  suite: 'firewall',
  level: 'must',
  title: 'the director filters traffic for the VIP without state',
  requirement:
    'Every segment of a connection, not only its SYN, passes the director; it sees one half of a connection and may demand nothing that needs both.',
  source: 'Linux nf_conntrack_proto_tcp.c, ip_vs_notrack()',
  needs: ['capture', 'director'],
  vantages: everywhere('tcp'),
  follows: ['serviceAnswers', 'allServersAnswer'],
  mutants: [
    ...trackings.map(
      ({ id, words, set }): Mutant => ({
        id: `stateful-${id}`,
        breaks: `INVALID dropped, ESTABLISHED and SYN accepted, the rest dropped (${words})`,
        change: (spec) => set(directorRules(() => statefulRules)(spec)),
        reason: /d1 .* after the SYN/,
      }),
    ),
    onDirectorsElsewhere(
      {
        id: 'segments-of-one-dropped',
        breaks: 'the director drops what one client sends after its SYN',
        reason: /d1 .* after the SYN/,
      },
      (_, { ip }) => `iptables-legacy -w -A INPUT -s ${ip} -p tcp ! --syn -j DROP`,
    ),
  ],
  observe: ({ lab, evidence }) => {
    const service = serviceOf(lab.spec, 'tcp');
    return passage(lab, service, evidence, askAll);
  },
  judge(one, { spec }) {
    const { director, first, later, answers } = one;
    const expected = 'each segment after the SYN that goes in comes out';
    const seen = `${crossedText(first, 'SYNs')}, ${crossedText(later, 'segments after them')}; ${answered(answers)}`;
    if (later.in === 0) return inconclusive(expected, `no connection got past its SYN; ${seen}`);
    if (later.out === later.in) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `${director} drops segments after the SYN: a stateful rule, which cannot know a connection of which it sees one half`,
      remedy: [
        ...on(
          director,
          'iptables -S INPUT',
          `iptables -I INPUT -p tcp -d ${vipAt(spec, one)} --dport ${one.port} -j ACCEPT`,
        ),
        ...advice('it must come before any rule with --ctstate'),
      ],
    });
  },
});

const answered = (answers: Answer[]): string =>
  `${answers.filter((one) => one.ok).length} of ${count(answers.length, 'connection')} answered${errors(answers)}`;

const errors = (answers: Answer[]): string => {
  const seen = answers.flatMap((one) => one.error ?? []);
  return seen.length === 0 ? '' : ` (${list(seen)})`;
};
