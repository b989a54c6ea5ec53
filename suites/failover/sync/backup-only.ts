import { check } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { HostSpec } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { on } from '../../common/remedy.ts';
import { clientOf } from '../../common/subjects.ts';
import { ownSynced } from './own.ts';
import { namesOf } from './replicating.ts';
import { directorsOf, onDirector, startDaemon, synced } from './stage.ts';
import { type Said, saidBy, takenOver, wordsOf } from './takeover.ts';

/** New connections to a director with backup_only, and how many packets IPVS there took for its services. */
interface Asked {
  answers: Said[];
  balanced: number;
}

interface BackupOnly {
  /** With the daemon that the lab gave it. */
  withDaemon: Asked;
  daemon: string;
  /** With no daemon at all. */
  without: Asked;
  /** With a daemon, and backup_only=0. */
  off: Asked;
}

/** `master`, `backup` or `no`. */
const daemonOn = async (lab: Lab, { name }: HostSpec): Promise<string> => {
  const { stdout } = await lab.host(name).exec('exec ipvsadm -L --daemon');
  return stdout.match(/^(master|backup) sync daemon/m)?.[1] ?? 'no';
};

/** Linux sysctl_backup_only(): the sync state must have the bit of a backup. */
export const onlyWithDaemon = check<BackupOnly>({
  id: 'SYN-09',
  suite: 'failover',
  level: 'must',
  title: 'backup_only keeps a director from balancing exactly while a backup daemon runs',
  requirement:
    'With net.ipv4.vs.backup_only=1 a director leaves packets for its services to its own stack while its backup sync daemon runs; without that daemon the setting has no effect.',
  source: 'ipvs-sysctl.rst backup_only; Linux sysctl_backup_only()',
  needs: ['inject', 'ipvs', 'director'],
  stage: synced,
  own: ownSynced({ moved: 'hand', disturbs: true }),
  mutants: [
    {
      id: 'no-daemon',
      breaks: 'backup_only=1 on a standby without a sync daemon',
      change: onDirector('standby', 'ipvsadm --stop-daemon backup'),
      reason: /balances with backup_only=1.*runs no backup daemon/,
    },
    {
      id: 'master-daemon',
      breaks: 'backup_only=1 on a standby that runs a master sync daemon instead',
      change: onDirector(
        'standby',
        ({ standby, id }) => `ipvsadm --stop-daemon backup; ${startDaemon('master', standby, id)}`,
      ),
      reason: /balances with backup_only=1.*runs a master daemon/,
    },
  ],
  async observe({ lab, note }) {
    const { vip, port, standby, id } = directorsOf(lab.spec);
    const director = lab.host(standby.name);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const ask = async (): Promise<Asked> => {
      const before = (await ipvs.counters(director)).inPackets;
      const answers = await prober.requests({ ip: vip, port }, { count: 3 });
      return { answers: saidBy(answers), balanced: (await ipvs.counters(director)).inPackets - before };
    };
    const set = (value: 0 | 1) => director.exec(`exec sysctl -qw net.ipv4.vs.backup_only=${value}`);
    const daemon = await daemonOn(lab, standby);
    return takenOver(lab, async () => {
      try {
        const off = await ask();
        await set(1);
        const withDaemon = await ask();
        note(`stopping the daemon of ${standby.name}`);
        if (daemon !== 'no') await director.exec(`exec ipvsadm --stop-daemon ${daemon}`);
        return { daemon, withDaemon, without: await ask(), off };
      } finally {
        await set(0);
        if (daemon === 'master' || daemon === 'backup')
          await director.exec(
            `${startDaemon(daemon, standby, id)} || ipvsadm -L --daemon | grep -q '^${daemon}'`,
          );
      }
    });
  },
  judge({ daemon, withDaemon, without, off }, { spec }) {
    const { standby } = namesOf(spec);
    const expected = `${standby} balances nothing with backup_only=1 and a backup daemon, and all without one of them`;
    const text = ({ answers, balanced }: Asked): string =>
      `${wordsOf(answers)} (${balanced} packets balanced)`;
    const seen = `backup_only=0: ${text(off)}; 1 with ${daemon} daemon: ${text(withDaemon)}; 1 without a daemon: ${text(without)}`;
    const balances = ({ answers, balanced }: Asked): boolean =>
      balanced > 0 && answers.every(({ server }) => server !== undefined);
    if (!balances(off)) return inconclusive(expected, `${standby} does not balance at all: ${text(off)}`);
    if (withDaemon.balanced > 0)
      return fail(expected, `${standby} balances with backup_only=1: ${text(withDaemon)}`, {
        cause: `${standby} runs ${daemon === 'no' ? 'no backup' : `a ${daemon}`} daemon, and backup_only counts only beside a backup daemon`,
        remedy: on(standby, startDaemon('backup', directorsOf(spec).standby, directorsOf(spec).id)),
      });
    if (withDaemon.answers.some(({ server }) => server !== undefined))
      return inconclusive(expected, `${seen}: answered, although nothing was balanced`);
    if (balances(without)) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `${standby} does not balance although no daemon runs there any more`,
      remedy: on(standby, 'sysctl -w net.ipv4.vs.backup_only=0'),
    });
  },
});
