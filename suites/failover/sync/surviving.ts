import { check } from '../../../src/model/check.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { advice, on, or } from '../../common/remedy.ts';
import { ownSynced } from './own.ts';
import { namesOf, type Replicated, replicated } from './replicating.ts';
import { directorsOf, onDirector, startDaemon, synced } from './stage.ts';
import { wordsOf } from './takeover.ts';

/** Linux ip_vs_sync.c; ipvsadm(8) --start-daemon. */
export const survives = check<Replicated>({
  id: 'SYN-01',
  suite: 'failover',
  level: 'must',
  title: 'with sync daemons connections survive the failover of the director',
  requirement:
    'Connections that the sync daemons told the other director of go on, on the same real servers, when it takes the VIP over.',
  source: 'ipvsadm(8) --start-daemon; Linux ip_vs_sync.c',
  needs: ['capture', 'inject', 'ipvs', 'director'],
  stage: synced,
  own: ownSynced({ moved: 'hand' }),
  mutants: [
    {
      id: 'no-daemons',
      breaks: 'neither director runs a sync daemon',
      change: (spec) =>
        onDirector(
          'active',
          'ipvsadm --stop-daemon master',
        )(onDirector('standby', 'ipvsadm --stop-daemon backup')(spec)),
      reason: /reset.*\S+ runs no daemon, \S+ runs no daemon/,
    },
    {
      id: 'no-backup-daemon',
      breaks: 'the standby runs no backup sync daemon',
      change: onDirector('standby', 'ipvsadm --stop-daemon backup'),
      reason: /reset.*, \S+ runs no daemon/,
    },
    {
      id: 'two-masters',
      breaks: 'the standby runs a master sync daemon, as the active director does',
      change: onDirector(
        'standby',
        ({ standby, id }) => `ipvsadm --stop-daemon backup; ${startDaemon('master', standby, id)}`,
      ),
      reason: /reset.*, \S+ runs master daemon/,
    },
    {
      id: 'backup-only',
      breaks: 'the backup sync daemon and backup_only=1 stay on when the standby takes over',
      change: onDirector('standby', 'sysctl -qw net.ipv4.vs.backup_only=1'),
      reason: /\S+ knows of 3 .*does not balance/,
    },
  ],
  observe: replicated,
  judge({ before, after, talking, daemons, silentAfter, pair }, { spec }) {
    const { active, standby } = namesOf(spec, pair);
    const { id } = directorsOf(spec);
    const expected = `the ${before.length} connections that ${standby} knows of are answered by the same real servers after it took over`;
    if (before.length === 0 || before.some(({ server }) => server === undefined))
      return inconclusive(expected, `before the failover: ${wordsOf(before)}`);
    const known = talking.filter(({ onStandby }) => onStandby).length;
    const seen = `${wordsOf(before)} before, ${wordsOf(after)} after; ${standby} knows of ${known} of ${talking.length}; connections that it was not told of: ${silentAfter.join(' ')}`;
    if (after.length === before.length && after.every(({ server }, i) => server === before[i]?.server))
      return pass(expected, seen);
    if (known === talking.length)
      return fail(expected, `${standby} knows of ${known} connections; ${wordsOf(after)}`, {
        cause: `${standby} does not balance what it knows: backup_only=1 beside a backup daemon, or other rules`,
        remedy: [
          ...on(standby, 'sysctl -w net.ipv4.vs.backup_only=0'),
          ...or(advice(`stop the backup daemon of ${standby} when it takes over`)),
        ],
      });
    return fail(expected, seen, {
      cause: `connections are not synchronised: ${active} runs ${daemons.active}, ${standby} runs ${daemons.standby}`,
      remedy: [
        ...on(active, startDaemon('master', directorsOf(spec).active, id)),
        ...on(standby, startDaemon('backup', directorsOf(spec).standby, id)),
      ],
    });
  },
});
