import { check } from '../../../src/model/check.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { on } from '../../common/remedy.ts';
import { list } from '../../common/subjects.ts';
import { syncGroup } from './messages.ts';
import { ownSynced } from './own.ts';
import { namesOf, otherId, type Replicated, replicated } from './replicating.ts';
import { directorsOf, onDirector, startDaemon, synced } from './stage.ts';

const standbyWithId = (idFor: (id: number) => number) =>
  onDirector(
    'standby',
    ({ standby, id }) => `ipvsadm --stop-daemon backup; ${startDaemon('backup', standby, idFor(id))}`,
  );

/** The messages are not authenticated: whoever can send to the group can make entries, so the id is all there is. */
export const ownIdOnly = check<Replicated>({
  id: 'SYN-04',
  suite: 'failover',
  level: 'must',
  title: 'a backup takes entries of its own sync id, and of no other',
  requirement:
    'Both daemons have one sync id; the master sends to 224.0.0.81 port 8848 with TTL 1, and the backup ignores messages of another id.',
  source: 'ipvsadm(8) --syncid; Linux ip_vs_process_message()',
  needs: ['capture', 'inject', 'ipvs', 'director'],
  stage: synced,
  own: ownSynced({ moved: 'either', named: true }),
  mutants: [
    {
      id: 'other-id',
      breaks: 'the backup daemon has another sync id than the master',
      change: standbyWithId((id) => otherId(otherId(id))),
      reason: /no message of id \d+ taken.*, \S+ runs backup daemon on \S+ with sync id \d+/,
    },
    {
      id: 'any-id',
      breaks: 'the backup daemon has sync id 0, which takes messages of every pair on the segment',
      change: standbyWithId(() => 0),
      reason: /a message of id \d+ taken as well.*sync id 0/,
    },
    {
      id: 'ttl-64',
      breaks: 'the master sends with TTL 64, so that messages may leave the segment',
      change: (spec) => {
        if (spec.director.vrrp)
          throw new NotInLab(`which director of lab «${spec.name}» sends is for VRRP to say`);
        return onDirector(
          'active',
          ({ active, id }) =>
            `ipvsadm --stop-daemon master; ${startDaemon('master', active, id)} --sync-maxlen 1400 --mcast-ttl 64`,
        )(spec);
      },
      reason: /TTL 64.*\S+ sends/,
    },
  ],
  observe: replicated,
  judge({ messages, taken, talking, daemons, pair }, { spec }) {
    const { active, standby } = namesOf(spec, pair);
    const { id } = directorsOf(spec);
    const other = otherId(id);
    const expected = `messages to ${syncGroup.ip} port ${syncGroup.port}, TTL 1, id ${id}; ${standby} takes those of id ${id} and none of id ${other}`;
    if (messages.length === 0)
      return inconclusive(expected, `${active} sent no sync message (it runs ${daemons.active}), see SYN-02`);
    const wire = list(
      messages.map(
        (one) => `${one.group} port ${one.port} TTL ${one.ttl} id ${one.syncId} version ${one.version}`,
      ),
    );
    const known = talking.filter(({ onStandby }) => onStandby).length;
    const seen = `sent to ${wire}; ${taken.own ? 'a' : 'no'} message of id ${id} taken, ${taken.foreign ? 'a' : 'no'} message of id ${other} taken${taken.foreign ? ' as well' : ''}; ${known} of ${talking.length} connections on ${standby}`;
    const odd = messages.find(
      (one) =>
        one.group !== syncGroup.ip || one.port !== syncGroup.port || one.ttl !== 1 || one.syncId !== id,
    );
    if (odd)
      return fail(expected, seen, {
        cause: `${active} sends sync messages elsewhere, further, or with another id`,
        remedy: on(
          active,
          'ipvsadm --stop-daemon master',
          startDaemon('master', directorsOf(spec).active, id),
        ),
      });
    if (taken.own && !taken.foreign && known === talking.length) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `the sync ids differ, or ${standby} takes all: ${active} runs ${daemons.active}, ${standby} runs ${daemons.standby}`,
      remedy: on(
        standby,
        'ipvsadm --stop-daemon backup',
        startDaemon('backup', directorsOf(spec).standby, id),
      ),
    });
  },
});
