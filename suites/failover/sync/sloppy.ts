import { check } from '../../../src/model/check.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { on } from '../../common/remedy.ts';
import { clientOf } from '../../common/subjects.ts';
import { namesOf } from './replicating.ts';
import { directorsOf, onBoth, onDirector, ports, startDaemon, variants } from './stage.ts';
import { type Said, saidBy, takenOver, wordsOf } from './takeover.ts';
import { knownOf, portsOn } from './waiting.ts';

interface Sloppy {
  before: Said[];
  /** Entries of these connections that the standby had before it took over. */
  known: number;
  /** Whether it had their persistence template. */
  template: boolean;
  after: Said[];
}

const notSloppy = {
  id: 'not-sloppy',
  breaks: 'the standby has sloppy_tcp=0: only a SYN makes an entry',
  change: onDirector('standby', 'sysctl -qw net.ipv4.vs.sloppy_tcp=0'),
  reason: /reset.*d2 makes no entry/,
};

const survived = ({ before, after }: Sloppy): boolean =>
  after.length > 0 && after.every(({ server }, i) => server !== undefined && server === before[i]?.server);

const allReset = ({ after }: Sloppy): boolean => after.every(({ error }) => error !== undefined);

/** Linux ip_vs_sync_conn_needed(): connections in persistence are left out in this mode. */
export const templatesOnly = check<Sloppy>({
  id: 'SYN-05',
  suite: 'failover',
  level: 'should',
  title: 'with sync_persist_mode=1 only templates are synchronised, and sloppy_tcp=1 creates the rest',
  requirement:
    'With sync_persist_mode=1 the backup gets the persistence template and no entry of its connections; these survive a failover where the taker has sloppy_tcp=1.',
  source: 'ipvs-sysctl.rst sync_persist_mode, sloppy_tcp',
  needs: ['inject', 'ipvs', 'director'],
  stage: variants,
  mutants: [
    notSloppy,
    {
      id: 'every-entry',
      breaks: 'sync_persist_mode=0: every connection is synchronised, too',
      change: onBoth('sysctl -qw net.ipv4.vs.sync_persist_mode=0'),
      reason: /3 entries.*d1 tells of every connection/,
    },
  ],
  async observe({ lab }) {
    const { vip, standby } = directorsOf(lab.spec);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const held = await prober.hold({ ip: vip, port: ports.persistent }, { count: 3 });
    try {
      const before = saidBy(held.answers);
      const template = (await knownOf(lab, standby, ports.persistent, [0])).length > 0;
      const there = await portsOn(lab, standby, ports.persistent);
      const known = before.filter(({ port }) => there.has(port)).length;
      return await takenOver(lab, async () => ({ before, known, template, after: saidBy(await held.ask()) }));
    } finally {
      await held.close();
    }
  },
  judge(observed, { spec }) {
    const { active, standby } = namesOf(spec);
    const { before, known, template, after } = observed;
    const expected = `${standby} has the template, 0 entries, and answers all ${before.length} connections after it took over`;
    if (before.length === 0 || before.some(({ server }) => server === undefined))
      return inconclusive(expected, `before the failover: ${wordsOf(before)}`);
    const seen = `${template ? 'the' : 'no'} template and ${known} entries on ${standby}; ${wordsOf(before)} before, ${wordsOf(after)} after`;
    if (template && known === 0 && survived(observed)) return pass(expected, seen);
    const remedy = on(
      [active, standby],
      'sysctl -w net.ipv4.vs.sync_persist_mode=1 net.ipv4.vs.sloppy_tcp=1',
    );
    if (!template)
      return fail(expected, seen, {
        cause: `${active} did not tell of the template, or ${standby} did not hear (SYN-01)`,
        remedy,
      });
    if (known > 0) return fail(expected, seen, { cause: `${active} tells of every connection`, remedy });
    return fail(expected, seen, {
      cause: `${standby} makes no entry from a packet that is no SYN: sloppy_tcp is 0`,
      remedy,
    });
  },
});

/** Linux tcp_conn_schedule(): with sloppy_tcp any packet that is no RST is scheduled; sh needs no memory. */
export const withoutState = check<Sloppy>({
  id: 'SYN-06',
  suite: 'failover',
  level: 'should',
  title: 'with sh and sloppy_tcp=1 connections survive a failover without synchronisation',
  requirement:
    'Two directors with the same hashing scheduler and the same real servers choose alike, so that with sloppy_tcp=1 the taker goes on with connections that it was never told of.',
  source: 'ipvs-sysctl.rst sloppy_tcp; ipvsadm(8) sh; Linux tcp_conn_schedule()',
  needs: ['inject', 'ipvs', 'director'],
  stage: variants,
  mutants: [
    notSloppy,
    {
      id: 'standby-rr',
      breaks: 'the standby schedules with rr, which does not choose alike',
      change: onDirector('standby', ({ vip }) => `ipvsadm -E -t ${vip}:${ports.hashed} -s rr`),
      reason: /reset.*d1 and d2 do not choose alike/,
    },
  ],
  async observe({ lab, note }) {
    const { vip, active, standby } = directorsOf(lab.spec);
    const director = lab.host(active.name);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    note(`stopping the master daemon of ${active.name}`);
    await director.exec('exec ipvsadm --stop-daemon master');
    try {
      const held = await prober.hold({ ip: vip, port: ports.hashed }, { count: 8 });
      try {
        const before = saidBy(held.answers);
        const there = await portsOn(lab, standby, ports.hashed);
        const known = before.filter(({ port }) => there.has(port)).length;
        return await takenOver(lab, async () => ({
          before,
          known,
          template: false,
          after: saidBy(await held.ask()),
        }));
      } finally {
        await held.close();
      }
    } finally {
      await director.exec(`exec ${startDaemon('master', active)}`);
    }
  },
  judge(observed, { spec }) {
    const { active, standby } = namesOf(spec);
    const { before, known, after } = observed;
    const expected = `the ${before.length} connections are answered by the same real servers at ${standby}, which was told of none`;
    if (before.length === 0 || before.some(({ server }) => server === undefined))
      return inconclusive(expected, `before the failover: ${wordsOf(before)}`);
    if (new Set(before.map(({ server }) => server)).size < 2 || known > 0)
      return inconclusive(
        expected,
        `${known} entries on ${standby}; before the failover: ${wordsOf(before)}`,
      );
    const seen = `${wordsOf(before)} before, ${wordsOf(after)} after`;
    if (survived(observed)) return pass(expected, seen);
    return allReset(observed)
      ? fail(expected, seen, {
          cause: `${standby} makes no entry from a packet that is no SYN: sloppy_tcp is 0`,
          remedy: on(standby, 'sysctl -w net.ipv4.vs.sloppy_tcp=1'),
        })
      : fail(expected, seen, {
          cause: `${active} and ${standby} do not choose alike: another scheduler, other flags, or other real servers`,
          remedy: on([active, standby], 'ipvsadm -Sn'),
        });
  },
});
