import { check } from '../../src/model/check.ts';
import { hostsOf } from '../../src/model/spec.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { until } from '../../src/util/until.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, everyHost, on } from '../common/remedy.ts';
import { count } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';

/** What the kernel shows of IPVS, and who may set it. */

/** Names below /proc/net that begin with `ip_vs`. */
interface Shown {
  files: string[];
}

/** Linux ip_vs_ctl.c, ip_vs_conn.c, ip_vs_app.c: the files that each registers. */
export const kernelShowsIpvs = check<Shown>({
  id: 'ENV-01',
  suite: 'path',
  level: 'should',
  title: 'the kernel shows IPVS in /proc/net/ip_vs',
  requirement:
    'The tables of IPVS can be read: rules, connections and statistics. Schedulers are modules and have no file there.',
  source: 'Linux ip_vs_ctl.c, ip_vs_conn.c',
  needs: ['director', 'ipvs'],
  vantages: once('it is about files of the kernel'),
  mutants: [],
  async observe({ lab }) {
    const director = hostsOf(lab.spec, 'director')[0]?.name ?? '';
    const { stdout } = await lab.host(director).exec('ls /proc/net');
    return { files: stdout.split(/\s+/).filter((name) => name.startsWith('ip_vs')) };
  },
  judge({ files }, { spec }) {
    const wanted = ['ip_vs', 'ip_vs_conn', 'ip_vs_stats'];
    const expected = `${wanted.join(', ')}, and no file of a scheduler such as ip_vs_wlc`;
    const seen = files.length > 0 ? files.join(', ') : 'no file that begins with ip_vs';
    const missing = wanted.filter((name) => !files.includes(name));
    const schedulers = files.filter((name) => /^ip_vs_(rr|wrr|lc|wlc|sh|mh|dh|sed|nq)$/.test(name));
    if (missing.length === 0 && schedulers.length === 0) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'the kernel was built without IPVS or its files, or is of another kind than the sources say',
      remedy: on(everyHost(spec, 'director'), 'modprobe ip_vs', 'ls /proc/net'),
    });
  },
});

/** Numbers of virtual services, in the order of events. */
interface Managed {
  director: string;
  before: number;
  afterStop: number;
  afterStart: number;
}

/** keepalived(8): virtual servers are set over netlink when it starts and taken away when it ends. */
export const rulesWithoutIpvsadm = check<Managed>({
  id: 'ENV-02',
  suite: 'failover',
  level: 'should',
  title: 'keepalived sets and removes the rules by itself',
  requirement: 'The rules of a director come and go with keepalived; ipvsadm is not needed.',
  source: 'keepalived.conf(5) virtual_server; keepalived libipvs.c (netlink)',
  needs: ['director', 'ipvs', 'directorFault'],
  vantages: once('it is about the table of the director'),
  presumes: [],
  scheduling: { clock: 'virtual' },
  mutants: [],
  disturbs: true,
  async observe({ lab, note }) {
    const director = hostsOf(lab.spec, 'director')[0]?.name ?? '';
    const host = lab.host(director);
    const services = async (): Promise<number> => (await ipvs.rules(host)).length;
    const before = await services();
    note(`stopping keepalived on ${director}`);
    await lab.faults.signalDirector(director, 'TERM');
    const settled = async (wanted: (n: number) => boolean): Promise<number> => {
      await until('the rules to change', async () => (wanted(await services()) ? true : undefined), {
        withinMs: 20_000,
      }).catch(() => undefined);
      return services();
    };
    const afterStop = await settled((n) => n === 0);
    await lab.faults.startDirector(director);
    return { director, before, afterStop, afterStart: await settled((n) => n === before) };
  },
  judge({ director, before, afterStop, afterStart }) {
    const expected = `${count(before, 'service')} on ${director} while keepalived runs, none after it ended`;
    const seen = `${before} before, ${afterStop} after it ended, ${afterStart} after it started again`;
    if (before === 0) return inconclusive(expected, `${director} had no rules to begin with`);
    if (afterStop === 0 && afterStart === before) return pass(expected, seen);
    return fail(expected, seen, {
      cause:
        afterStop > 0
          ? `rules of ${director} were not set by keepalived, or it was told to leave them`
          : `keepalived did not set its rules again`,
      remedy: [
        ...on(director, 'ipvsadm -C'),
        ...advice(`then start keepalived on ${director}; read its log`),
      ],
    });
  },
});
