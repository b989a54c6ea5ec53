import type { Check, Mutant } from '../../src/model/check.ts';
import type { RemedyStep } from '../../src/model/remedy.ts';
import { deviceOf } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, on } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import { type Circling, circles, circling, circlingText } from './circling.ts';
import { localNodes, onBackup, onHost, type Pair, pairOf, ports, sameRules } from './stage.ts';

type Fix = Pick<Check, 'id' | 'level' | 'title' | 'requirement' | 'source'> & {
  port: number;
  /** What undoes the fix, and so brings the loop back. */
  mutants: Mutant[];
  /** On the backup. */
  remedy: (pair: Pair) => RemedyStep[];
};

/** A director and its backup both serve; with the fix packets do not go round between them, and both answer. */
const fix = ({ port, remedy, ...fixed }: Fix): Check =>
  functional<Circling>({
    ...fixed,
    suite: 'loops',
    needs: ['capture', 'ipvs', 'director', 'iptables'],
    stage: localNodes,
    async observe({ lab, evidence }) {
      const service = lab.spec.services.find((one) => one.port === port);
      if (!service) throw new Error(`the stage has no service on port ${port}`);
      return circling(lab, service, evidence);
    },
    judge(seen, { spec }) {
      const { director, backup } = pairOf(spec, port);
      const expected = `${director.name} and ${backup.name} answer all ${seen.answers.length} connections, at most 2 frames of one packet`;
      const text = circlingText(seen);
      if (seen.packets === 0) return inconclusive(expected, 'the client sent nothing to the VIP');
      const servers = [...new Set(seen.answers.flatMap((one) => one.server ?? []))].sort();
      if (circles(seen))
        return fail(expected, text, {
          cause: `packets go round between ${list([...seen.senders].sort())}: ${backup.name} balances what ${director.name} sent it`,
          remedy: remedy(pairOf(spec, port)),
        });
      if (seen.answers.some((one) => !one.ok) || servers.length < 2)
        return fail(expected, `${text}, by ${list(servers)}`, {
          cause: `${director.name} and ${backup.name} do not both serve what is balanced to them`,
          remedy: [
            ...on([director.name, backup.name], 'ss -ltn'),
            ...on(backup.name, 'ip addr show dev lo'),
            ...advice(`the service must listen on the VIP, and ${backup.name} needs it on lo`),
          ],
        });
      return pass(expected, `${text}, by ${list(servers)}`);
    },
  });

/** Linux sysctl_backup_only(): it counts only while a backup daemon runs. */
export const backupOnly = fix({
  id: 'LN-03',
  level: 'must',
  title: 'a backup with backup_only and a sync daemon does not balance',
  requirement:
    'With net.ipv4.vs.backup_only=1 and a backup sync daemon, a director that has the rules already leaves packets to its own service.',
  source: 'ipvs-sysctl.rst backup_only; Linux sysctl_backup_only()',
  port: ports.backupOnly,
  remedy: ({ backup }) =>
    on(
      backup.name,
      `ipvsadm --start-daemon backup --mcast-interface ${deviceOf(backup)}`,
      'sysctl -w net.ipv4.vs.backup_only=1',
    ),
  mutants: [
    {
      id: 'no-daemon',
      breaks: 'backup_only=1 without a backup sync daemon, which has no effect',
      change: onBackup(ports.backupOnly, () => 'ipvsadm --stop-daemon backup'),
      reason: /between d1 and rs1/,
    },
    {
      id: 'backup-only-0',
      breaks: 'a backup sync daemon with backup_only=0',
      change: onBackup(ports.backupOnly, () => 'sysctl -qw net.ipv4.vs.backup_only=0'),
      reason: /between d1 and rs1/,
    },
  ],
});

const markAll = (spec: Parameters<typeof pairOf>[0]): string =>
  `iptables-legacy -w -t mangle -I PREROUTING -d ${pairOf(spec, ports.macMark).vip} -p tcp --dport ${ports.macMark} -j MARK --set-mark 1`;

export const macMark = fix({
  id: 'LN-04',
  level: 'should',
  title: 'directors that mark by source MAC do not balance what the other one sent',
  requirement:
    'With a service of a firewall mark, and the mark only on packets that do not come from the other director, each packet is balanced once.',
  source: 'keepalived issue 2450; LVS-HOWTO; iptables-extensions(8) mac',
  port: ports.macMark,
  remedy: ({ vip, director, backup }) => [
    ...on(
      backup.name,
      'iptables -t mangle -S PREROUTING',
      `iptables -t mangle -A PREROUTING -d ${vip} -p tcp --dport ${ports.macMark} -m mac ! --mac-source ${director.mac} -j MARK --set-mark 1`,
    ),
    ...advice('the service is one of the mark alone'),
  ],
  mutants: [
    {
      id: 'mark-all',
      breaks: 'both directors mark every packet for the VIP, whoever sent it',
      change: (spec) =>
        onHost((lab) => pairOf(lab, ports.macMark).director, markAll)(onBackup(ports.macMark, markAll)(spec)),
      reason: /between d1 and rs2/,
    },
  ],
});

export const activeOnly = fix({
  id: 'LN-05',
  level: 'should',
  title: 'a backup without rules does not balance',
  requirement: 'While on standby, a director that is also a real server has no rules for the VIP.',
  source: 'keepalived issue 2389; ldirectord on the active node only',
  port: ports.activeOnly,
  remedy: ({ backup }) => [
    ...on(backup.name, 'ipvsadm -C'),
    ...advice('scripts that keepalived notifies load the rules when it takes over'),
  ],
  mutants: [
    {
      id: 'rules-on-backup',
      breaks: 'the backup has the rules of the active director loaded already',
      change: onBackup(ports.activeOnly, sameRules(ports.activeOnly)),
      reason: /between d1 and rs3/,
    },
  ],
});
