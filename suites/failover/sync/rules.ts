import { check } from '../../../src/model/check.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { on } from '../../common/remedy.ts';
import { clientOf } from '../../common/subjects.ts';
import { namesOf } from './replicating.ts';
import { directorsOf, onDirector, ports, synced } from './stage.ts';
import { type Said, saidBy, takenOver, wordsOf } from './takeover.ts';
import { knownOf } from './waiting.ts';

interface Unruled {
  /** Held connections to a service that only the active director has a rule for. */
  before: Said[];
  /** How many of them the standby knew of before it took over. */
  known: number;
  /** Whether the standby has the service by then. */
  ruled: boolean;
  after: Said[];
  /** New connections after the take-over. */
  fresh: Said[];
}

/** Linux ip_vs_proc_conn(): an entry whose real server is not known stays unbound, and is handled all the same. */
export const rulesStay = check<Unruled>({
  id: 'SYN-11',
  suite: 'failover',
  level: 'should',
  title: 'synchronisation carries connections, and no rules',
  requirement:
    'A service that is set on the active director alone is not there after a failover: connections that the other was told of go on, new ones are refused. Rules are to be set on both.',
  source: 'Linux ip_vs_sync.c: ip_vs_proc_conn()',
  needs: ['inject', 'ipvs', 'director'],
  stage: synced,
  mutants: [
    {
      id: 'ruled',
      breaks:
        'somebody set the service on the standby as well, so that this lab does not show what is missing',
      change: onDirector(
        'standby',
        ({ vip }) => `ipvsadm -A -t ${vip}:${ports.unruled} -s rr
ipvsadm -Sn | sed -n "s/^-a -t ${vip}:${ports.plain} -r \\([0-9.]*\\):.*/-a -t ${vip}:${ports.unruled} -r \\1 -g/p" | ipvsadm -R`,
      ),
      reason: /new ones rs.*d2 has the service/,
    },
    {
      id: 'no-backup-daemon',
      breaks: 'the standby runs no backup sync daemon',
      change: onDirector('standby', 'ipvsadm --stop-daemon backup'),
      reason: /knew of 0.*reset.*d2 was not told/,
    },
  ],
  async observe({ lab }) {
    const { vip, standby } = directorsOf(lab.spec);
    const target = { ip: vip, port: ports.unruled };
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const held = await prober.hold(target, { count: 3 });
    try {
      const before = saidBy(held.answers);
      const known = await knownOf(
        lab,
        standby,
        ports.unruled,
        before.map(({ port }) => port),
      );
      const rules = await ipvs.rules(lab.host(standby.name));
      return await takenOver(lab, async () => ({
        before,
        known: known.length,
        ruled: rules.some((one) => one.vip === vip && one.port === ports.unruled),
        after: saidBy(await held.ask()),
        fresh: saidBy(await prober.requests(target, { count: 3 })),
      }));
    } finally {
      await held.close();
    }
  },
  judge({ before, known, ruled, after, fresh }, { spec }) {
    const { standby } = namesOf(spec);
    const expected = `${before.length} held connections go on at ${standby}, which has no rule for them; new ones are refused`;
    if (before.some(({ server }) => server === undefined))
      return inconclusive(expected, `before the failover: ${wordsOf(before)}`);
    const seen = `${standby} knew of ${known} of ${before.length}; held ones ${wordsOf(after)}, new ones ${wordsOf(fresh)}`;
    const survive = after.every(({ server }, i) => server === before[i]?.server);
    if (survive && !ruled && fresh.every(({ error }) => error === 'refused')) return pass(expected, seen);
    const cause = ruled
      ? `${standby} has the service: somebody set it there`
      : known < before.length
        ? `${standby} was not told of the connections (SYN-01)`
        : `${standby} does not handle entries without a rule`;
    return fail(expected, seen, {
      cause,
      remedy: on(standby, 'ipvsadm -Ln', 'ipvsadm -Lnc', 'ipvsadm -L --daemon'),
    });
  },
});
