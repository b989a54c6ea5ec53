import { check } from '../../src/model/check.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { onSecondVip } from '../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import type { Why } from '../common/looking/look.ts';
import { withVip } from '../common/methods.ts';
import { advice, on, toTellApart } from '../common/remedy.ts';
import { list, serviceOf } from '../common/subjects.ts';
import { everyService, everywhere } from '../common/vantages.ts';
import { type Knocks, knockAll, knocksText, serversWith, vipOf, withoutWayBack } from './knocks.ts';
import { firstServerRules, serverRules } from './rules.ts';
import { firewalled, port } from './stage.ts';
import { anyPortFails, partly, portsText, type Swept, sweep } from './sweep.ts';

const dip = (spec: LabSpec): string => hostsOf(spec, 'director')[0]?.ip ?? '';
const firstRip = (spec: LabSpec): string => hostsOf(spec, 'realServer')[0]?.ip ?? '';

type Seen = Knocks & { swept: Swept[] };

/** A packet of direct routing arrives with the VIP as destination and the client as source. */
export const serversAcceptVip = check<Seen>({
  id: 'FW-06',
  suite: 'firewall',
  level: 'must',
  title: 'the firewalls of real servers let any client in to the VIP',
  requirement:
    'Every real server answers a SYN for the VIP from every client of the lab, whatever port it comes from.',
  source: 'LVS-HOWTO, LVS-DR; Linux ip_vs_dr_xmit(): addresses stay as they are',
  forwards: withVip,
  needs: ['capture', 'inject', 'director'],
  vantages: everywhere('tcp'),
  follows: ['allServersAnswer'],
  mutants: [
    {
      id: 'only-rip-accepted',
      breaks: 'the firewall of one real server accepts its RIP only',
      change: firstServerRules((spec) => [
        `-A INPUT -p tcp -d ${firstRip(spec)} -j ACCEPT`,
        '-A INPUT -p tcp -j DROP',
      ]),
      reason: /rs1 .*its RIP/,
    },
    {
      id: 'all-clients-refused',
      breaks: 'the firewall of one real server rejects every client',
      change: firstServerRules((spec) => [`-A INPUT -p tcp ! -s ${dip(spec)} -j REJECT`]),
      reason: /rs1 .*clients/,
    },
    {
      id: 'ports-dropped',
      breaks: 'the firewall of one real server drops 256 of the ports that clients use',
      change: firstServerRules(() => ['-A INPUT -p tcp --sport 41000:41255 -j DROP']),
      reason: /rs1 .*ports 41\d+ to 41\d+/,
    },
    onSecondVip({
      id: 'vip-closed',
      breaks: 'the firewall of one real server drops what goes to the VIP',
      change: firstServerRules((spec) => [`-A INPUT -p tcp -d ${vipOf(spec)} -j DROP`]),
      reason: /closed on rs1/,
    }),
  ],
  observe: async ({ lab, evidence }) => ({
    ...(await knockAll(lab, evidence)),
    swept: await sweep(lab, evidence),
  }),
  judge(seen, { spec }) {
    const vip = vipOf(spec);
    const expected = `each real server accepts a SYN for ${vip} from each client`;
    const text = knocksText(seen);
    if (seen.sent === 0) return inconclusive(expected, 'our SYNs were not seen on the wire');
    const closed = serversWith(seen, { from: 'client', to: 'vip' }, ['refused', 'none']);
    const whys = [...closed.map((server) => whyClosed(seen, spec, server)), ...whyPartly(seen)];
    const [first] = whys;
    if (first) {
      const shut = closed.length > 0 ? [`the VIP is closed on ${list(closed)}`] : [];
      return fail(expected, [text, ...shut, ...partly(seen.swept).map(sweptText)].join('; '), {
        cause: whys.map(({ cause }) => cause).join('; '),
        remedy: whys.flatMap(({ remedy }) => remedy),
      });
    }
    const unheard = seen.swept
      .filter(({ sent, silent }) => silent.length === sent)
      .map(({ server }) => server);
    if (seen.swept.length === 0 || unheard.length > 0)
      return inconclusive(expected, `${text}; none of the SYNs from all over the ports by ${list(unheard)}`);
    const all = seen.swept.reduce((sum, { sent }) => sum + sent, 0);
    return pass(expected, `${text}; ${all} more SYNs accepted, from all over the ports`);
  },
});

/** Why a real server lets no client in. */
function whyClosed(seen: Seen, spec: LabSpec, server: string): Why {
  const vip = vipOf(spec);
  const away = withoutWayBack(seen, spec).find((one) => one.server === server);
  if (away) return { cause: away.cause, remedy: away.remedy };
  const open = serversWith(seen, { from: 'client', to: 'rip' }, ['accepted']);
  return {
    cause: open.includes(server)
      ? `${server} takes connections to its RIP and not to ${vip}`
      : `${server} lets no clients in, or does not serve the VIP at all`,
    remedy: on(
      server,
      'iptables -S INPUT',
      `iptables -I INPUT -p tcp -d ${vip} --dport ${seen.port} -j ACCEPT`,
    ),
  };
}

/** Why real servers answer some SYNs of clients and not others. */
function whyPartly({ knocks, swept }: Seen): Why[] {
  const odd = knocks.filter(
    ({ from, to, later }) => from === 'client' && to === 'vip' && later === 'accepted',
  );
  const lossy = new Set([...swept.filter(anyPortFails), ...odd].map(({ server }) => server));
  const gaps = partly(swept).filter(({ server }) => !lossy.has(server));
  return [
    ...(lossy.size > 0 ? [someGetThrough([...lossy])] : []),
    ...gaps.map(({ server, silent }) => ({
      cause: `${server} lets clients in, but not from the ports ${portsText(silent)}`,
      remedy: on(server, 'iptables -S INPUT', 'nft list ruleset'),
    })),
  ];
}

const sweptText = ({ server, sent, silent, again }: Swept): string =>
  `${silent.length} of ${sent} more SYNs not by ${server}${again ? `; later ${again.silent.accepted} of ${again.silent.asked} of these, and ${again.others.accepted} of ${again.others.asked} others` : ''}`;

/** No rule about addresses or ports does that. */
const someGetThrough = (servers: string[]): Why => ({
  cause: `${list(servers)} answers some SYNs and not others, whatever port they come from: loss on its link, a rule that drops at random, or a limit of SYNs or connections`,
  remedy: toTellApart(on(servers, 'tc -s qdisc show', 'iptables -vnL INPUT', 'nstat -az TcpExtListenDrops')),
});

/** HC-01: checks of health come from the DIP and go to the RIP. */
export const ripClosedVipServed = check<Knocks>({
  id: 'FW-07',
  suite: 'firewall',
  level: 'should',
  title: 'the RIP can be closed to clients: the VIP stays open, and health checks get through',
  requirement:
    'A rule on the real servers that rejects all but the VIP as destination and the DIP as source refuses clients at the RIP, and nobody else.',
  source: 'LVS-HOWTO, LVS-DR; keepalived.conf(5): checkers connect to the RIP',
  forwards: withVip,
  needs: ['capture', 'inject', 'director', 'iptables'],
  stage: firewalled,
  mutants: [
    {
      id: 'health-checks-not-exempt',
      breaks: 'the rule rejects the director too, so that health checks remove every real server',
      change: serverRules((spec) => [
        `-A INPUT -p tcp --dport ${port} ! -d ${vipOf(spec)} -j REJECT --reject-with tcp-reset`,
      ]),
      reason: /rs1.* refuses? .*health checks/,
    },
    {
      id: 'rip-open',
      breaks: 'the real servers have no rule for their RIP',
      change: serverRules(() => ['-F INPUT']),
      reason: /rs1.*accepts? clients at the RIP/,
    },
  ],
  observe: ({ lab, evidence }) => knockAll(lab, evidence),
  judge(seen, { spec }) {
    const expected = 'clients accepted at the VIP and refused at the RIP, the director accepted at the RIP';
    const text = knocksText(seen);
    if (seen.sent === 0) return inconclusive(expected, 'our SYNs were not seen on the wire');
    const closed = serversWith(seen, { from: 'client', to: 'vip' }, ['refused', 'none']);
    const open = serversWith(seen, { from: 'client', to: 'rip' }, ['accepted']);
    const unchecked = serversWith(seen, { from: 'director', to: 'rip' }, ['refused', 'none']);
    if (unchecked.length > 0)
      return fail(expected, text, {
        cause: `${list(unchecked)} refuses the director at the RIP, so that health checks fail`,
        remedy: on(unchecked, `iptables -I INPUT -s ${dip(spec)} -j ACCEPT`),
      });
    if (closed.length > 0)
      return fail(expected, text, {
        cause: `${list(closed)} refuses clients at the VIP`,
        remedy: on(closed, `iptables -I INPUT -d ${vipOf(spec)} -j ACCEPT`),
      });
    if (open.length > 0)
      return fail(expected, text, {
        cause: `${list(open)} accepts clients at the RIP: the rule is missing or matches nothing`,
        remedy: on(
          open,
          `iptables -A INPUT -p tcp --dport ${seen.port} ! -d ${vipOf(spec)} ! -s ${dip(spec)} -j REJECT`,
        ),
      });
    return pass(expected, text);
  },
});

/** Who wants to force traffic through the director may not ask where a packet comes from. */
export const noFilterBySource = check<Knocks>({
  id: 'FW-08',
  suite: 'firewall',
  level: 'should',
  title: 'no real server lets only the director in: packets come from clients',
  requirement:
    'What may reach the VIP on a real server does not depend on the source being the DIP, since in direct routing it never is.',
  source: 'Linux ip_vs_dr_xmit(): addresses stay as they are',
  forwards: withVip,
  needs: ['capture', 'inject', 'director'],
  vantages: everyService('tcp'),
  follows: ['allServersAnswer'],
  mutants: [
    {
      id: 'only-director-accepted',
      breaks: 'one real server accepts the port from the DIP only',
      change: firstServerRules((spec) => [
        `-A INPUT -p tcp --dport ${serviceOf(spec, 'tcp').port} ! -s ${dip(spec)} -j DROP`,
      ]),
      reason: /rs1 takes .*from d1 and not from clients/,
    },
  ],
  observe: ({ lab, evidence }) => knockAll(lab, evidence),
  judge(seen, { spec }) {
    const vip = vipOf(spec);
    const expected = `for ${vip} no real server prefers the director's address to a client's`;
    const text = knocksText(seen);
    const toVip = seen.knocks.filter((one) => one.to === 'vip');
    if (seen.sent === 0 || toVip.every((one) => one.answer === 'none'))
      return inconclusive(expected, `no real server answered; ${text}`);
    const shut = serversWith(seen, { from: 'client', to: 'vip' }, ['refused', 'none']);
    const open = serversWith(seen, { from: 'director', to: 'vip' }, ['accepted']);
    const away = withoutWayBack(seen, spec);
    const preferring = shut.filter((server) => open.includes(server));
    const bySource = preferring.filter((server) => away.every((one) => one.server !== server));
    if (preferring.length === 0) return pass(expected, text);
    if (bySource.length === 0)
      return inconclusive(expected, `${text}; ${list(away.map(({ cause }) => cause))}: no rule was asked`);
    const director = toVip.find((one) => one.from === 'director')?.source;
    return fail(expected, text, {
      cause: `${list(bySource)} takes connections to ${vip} from ${director} and not from clients: a rule asks for the source address`,
      remedy: [...on(bySource, 'iptables -S INPUT'), ...advice(`match -d ${vip} instead of -s`)],
    });
  },
});
