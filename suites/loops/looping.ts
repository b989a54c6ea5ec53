import type { Mutant } from '../../src/model/check.ts';
import { hostsOf } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { onSecondVip } from '../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onFirstServer } from '../common/mutate.ts';
import { advice, everyHost, on, or } from '../common/remedy.ts';
import { list, serviceOf } from '../common/subjects.ts';
import { everywhere } from '../common/vantages.ts';
import { type Circling, circles, circling, circlingText } from './circling.ts';

const realServerBalances: Mutant = {
  id: 'real-server-balances',
  breaks: 'one real server is a director for the VIP as well, with the director among its real servers',
  change: onFirstServer((spec) => {
    const { vip, port } = serviceOf(spec, 'tcp');
    const dip = hostsOf(spec, 'director')[0]?.ip;
    return `ipvsadm -A -t ${vip}:${port} -s rr\nipvsadm -a -t ${vip}:${port} -r ${dip} -g`;
  }),
  reason: /between d1 and rs1/,
};

/** Linux ip_vs_in(): who has rules for the VIP balances every packet for it, whoever sent it. */
export const noPacketCircles = functional<Circling>({
  id: 'LN-02',
  suite: 'loops',
  level: 'must',
  title: 'no packet is balanced twice',
  requirement:
    'A packet for the VIP crosses the segment at most twice: to the director, and from it to a real server, which keeps it.',
  source: 'Linux ip_vs_in(); keepalived issue 2450; LVS-HOWTO, two directors that are real servers',
  needs: ['capture', 'ipvs', 'director', 'severalRealServers'],
  vantages: everywhere('tcp'),
  presumes: ['serviceAnswers'],
  follows: ['allServersAnswer'],
  mutants: [realServerBalances, onSecondVip(realServerBalances)],
  observe: ({ lab, evidence }) => circling(lab, serviceOf(lab.spec, 'tcp'), evidence),
  judge(seen, { spec }) {
    const expected = 'at most 2 frames of one packet, sent on by one host';
    const text = circlingText(seen);
    if (seen.packets === 0) return inconclusive(expected, 'the client sent nothing to the VIP');
    if (!circles(seen)) return pass(expected, text);
    const between = list([...seen.senders].sort());
    return fail(expected, text, {
      cause: `packets go round between ${between}, which all balance the VIP`,
      remedy: [
        ...on(everyHost(spec, 'director'), 'ipvsadm -Ln'),
        ...advice('rules on the active director only'),
        ...or(advice('a backup sync daemon on the others, and net.ipv4.vs.backup_only=1')),
      ],
    });
  },
});
