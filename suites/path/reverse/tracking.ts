import { check } from '../../../src/model/check.ts';
import type { ServiceSpec } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onFirstServer } from '../../common/mutate.ts';
import { on } from '../../common/remedy.ts';
import { clientOf, count, list, realServersOf, serviceOf, targetOf } from '../../common/subjects.ts';
import { firewalled } from '../../firewall/stage.ts';

interface Tracked {
  answers: Answer[];
  servers: {
    name: string;
    /** Packets that rules against INVALID dropped meanwhile; null without such a rule. */
    invalid: number | null;
    /** Connections to the VIP that it tracks with both directions seen, and with one. */
    whole: number;
    half: number;
  }[];
}

/** One round trip: all chains, and the connections to the VIP. */
const listing = ({ vip, port }: ServiceSpec): string =>
  `iptables-legacy -w -nvx -L; conntrack -L -p tcp --orig-dst ${vip} --orig-port-dst ${port} 2>/dev/null`;

function parseListing(text: string): Omit<Tracked['servers'][number], 'name'> {
  const lines = text.split('\n');
  const rules = lines.filter((line) => line.includes('ctstate INVALID'));
  const tracked = lines.filter((line) => line.startsWith('tcp '));
  const half = tracked.filter((line) => line.includes('[UNREPLIED]')).length;
  const dropped = rules.reduce((sum, rule) => sum + Number.parseInt(rule, 10), 0);
  return { invalid: rules.length === 0 ? null : dropped, whole: tracked.length - half, half };
}

/** Linux nf_conntrack: only where both halves pass one host does connection tracking know a connection. */
export const serversSeeWhole = check<Tracked>({
  id: 'RP-06',
  suite: 'path',
  level: 'must',
  title: 'firewalls of real servers see whole connections',
  requirement:
    'Requests come in and answers leave on the real server, so its connection tracking finds no packet INVALID; stateful rules belong there.',
  source: 'Linux nf_conntrack_proto_tcp.c; LVS-HOWTO, LVS-DR',
  needs: ['ipvs', 'director', 'iptables', 'conntrack'],
  stage: firewalled,
  mutants: [
    {
      id: 'requests-untracked',
      breaks: 'one real server tracks only what it sends, as if requests bypassed its firewall',
      change: onFirstServer(() => 'iptables-legacy -w -t raw -A PREROUTING -i eth0 -j CT --notrack'),
      reason: /rs1 dropped [1-9]/,
    },
  ],
  async observe({ lab }) {
    const service = serviceOf(lab.spec, 'tcp');
    const servers = realServersOf(lab.spec, service).slice(0, 16);
    const look = () =>
      Promise.all(
        servers.map(async ({ name }) => parseListing((await lab.host(name).exec(listing(service))).stdout)),
      );
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const before = await look();
    const answers = await prober.requests(targetOf(service), {
      count: Math.min(2 * servers.length, 16),
      parallel: 4,
      timeoutMs: 1_000,
    });
    const after = await look();
    const seen = servers.map(({ name }, i) => {
      const { invalid: from = null } = before[i] ?? {};
      const { invalid: to = null, whole = 0, half = 0 } = after[i] ?? {};
      return { name, invalid: from === null || to === null ? null : to - from, whole, half };
    });
    return { answers, servers: seen };
  },
  judge({ answers, servers }, { spec }) {
    const expected = '0 packets INVALID on each real server, and no connection seen by half';
    const ok = answers.filter((one) => one.ok).length;
    if (answers.length === 0) return inconclusive(expected, 'no connection was tried');
    if (servers.some((one) => one.invalid === null))
      return inconclusive(expected, 'a real server has no rule that counts INVALID');
    const seen = servers.map(
      ({ name, invalid, whole, half }) =>
        `${name} dropped ${count(invalid ?? 0, 'INVALID packet')} and saw ${whole} whole, ${half} half connections`,
    );
    const text = `${seen.join('; ')}; ${ok} of ${answers.length} answered`;
    const bad = servers.filter((one) => (one.invalid ?? 0) > 0 || one.half > 0);
    if (bad.length > 0)
      return fail(expected, text, {
        cause: `${list(bad.map((one) => one.name))} tracks the two halves apart: another interface, zone or host has the other one`,
        remedy: on(
          bad.map((one) => one.name),
          'conntrack -L -p tcp',
          'iptables -t raw -S',
          `ip route get ${answers[0]?.seenAs ?? clientOf(spec).ip}`,
        ),
      });
    if (servers.every((one) => one.whole === 0))
      return inconclusive(expected, `nothing was tracked; ${text}`);
    return pass(expected, text);
  },
});
