import { check } from '../../../src/model/check.ts';
import { entryOf, listedPort } from '../../../src/model/ipvs-words.ts';
import { hostSpec, vipsOf } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector, holdersOf } from '../../../src/probe/neighbour.ts';
import { until } from '../../../src/util/until.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, or } from '../../common/remedy.ts';
import { clientOf, list, serviceOf, targetOf } from '../../common/subjects.ts';
import { pause } from '../outage/load.ts';
import { ownPair } from './own.ts';
import { plainPair } from './stage.ts';
import { vrrpTimes } from './times.ts';

interface Restarted {
  active: string;
  /** Addresses of the real servers of the first service: while keepalived was dead, and after its start. */
  left: string[];
  after: string[];
  answered: number;
  asked: number;
}

export const restartsBesideRules = check<Restarted>({
  id: 'HA-12',
  suite: 'failover',
  level: 'should',
  title: 'keepalived starts beside the rules that it left behind',
  requirement:
    'A killed keepalived leaves its rules. Started again it finds them, goes on, and the table is what keepalived.conf says.',
  source: 'keepalived.conf(5) lvs_flush, lvs_flush_on_stop',
  needs: ['directorPair', 'directorFault', 'ipvs'],
  stage: plainPair,
  own: ownPair({ preempts: true, edits: true }),
  mutants: [
    {
      id: 'stale-server',
      breaks: 'a real server that keepalived.conf does not know is left in the table',
      change: onDirectors((spec) => {
        const service = serviceOf(spec, 'tcp');
        const stale = spec.hosts.find(({ role }) => role === 'client')?.ip;
        return `sleep 2; ipvsadm -a ${entryOf(service)} -r ${stale}:${listedPort(service)} -g`;
      }),
      reason: /198\.18\.250\.1 .*lvs_flush/,
    },
  ],
  disturbs: true,
  async observe({ lab, note }) {
    const { spec } = lab;
    const service = serviceOf(spec, 'tcp');
    const active = await activeDirector(lab, vipsOf(spec)[0] ?? '');
    const servers = async () =>
      (await ipvs.table(lab.host(active), service)).servers.map(({ ip }) => ip).sort();
    note(`keepalived of ${active} is killed and started again`);
    await lab.faults.signalDirector(active, 'KILL');
    const left = await servers();
    await lab.faults.startDirector(active);
    await until(
      `keepalived of ${active} to have read its file`,
      async () =>
        (await lab.host(active).exec('test -s checkers.pid', { okCodes: [0, 1] })).code === 0 || undefined,
      { withinMs: 10_000 },
    );
    // It takes the VIP that it finds away first, and then waits like any backup.
    await pause(vrrpTimes(spec).masterDownMs);
    await until(
      `${active} alone to hold the VIP`,
      async () => (await holdersOf(lab, service.vip)).join() === active || undefined,
      { withinMs: vrrpTimes(spec).masterDownMs + 5_000 },
    ).catch(() => {});
    await pause(1_500);
    const after = await servers();
    const asked = 2 * service.realServers.length;
    const prober = await proberOn(lab, clientOf(spec).name);
    const answers = await prober.requests(targetOf(service), { count: asked, timeoutMs: 1_000 });
    return { active, left, after, asked, answered: answers.filter(({ ok }) => ok).length };
  },
  judge({ active, left, after, asked, answered }, { spec }) {
    const wanted = serviceOf(spec, 'tcp')
      .realServers.map(({ name }) => hostSpec(spec, name).ip)
      .sort();
    const expected = `${list(wanted)} in the table of ${active}, and ${asked} of ${asked} requests answered`;
    if (left.length === 0) return inconclusive(expected, `a killed keepalived left no rules on ${active}`);
    const stale = after.filter((rip) => !wanted.includes(rip));
    const missing = wanted.filter((rip) => !after.includes(rip));
    const seen = [
      ...stale.map((rip) => `${rip} is in the table and not in keepalived.conf`),
      ...missing.map((rip) => `${rip} is missing`),
      `${answered} of ${asked} requests answered`,
    ].join('; ');
    if (stale.length + missing.length === 0 && answered === asked)
      return pass(expected, `${list(after)} in the table; ${seen}`);
    return fail(expected, seen, {
      cause: `keepalived of ${active} keeps what it finds: rules of an older configuration stay without lvs_flush`,
      remedy: [
        ...advice(`in keepalived.conf of ${active}: global_defs { lvs_flush }`),
        ...or(advice(`before keepalived starts on ${active}: ipvsadm -C`)),
      ],
    });
  },
});
