import { hostSpec } from '../../src/model/spec.ts';
import { type Answer, proberOn } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, on } from '../common/remedy.ts';
import { clientOf, list } from '../common/subjects.ts';
import { localNodes, pairOf, ports } from './stage.ts';

interface Local {
  answers: Answer[];
  /** RIPs in the entries of these connections that are the director's own address. */
  entriesForItself: number;
}

/** Linux ip_vs_dr_xmit(): a destination that is this host itself goes on to the local stack. */
export const directorServesItself = functional<Local>({
  id: 'LN-01',
  suite: 'loops',
  level: 'should',
  title: 'a director may be its own real server',
  requirement:
    'With its own address among the real servers a director hands connections to its own service, which must listen on the VIP.',
  source: 'Linux ip_vs_dr_xmit(), __ip_vs_get_out_rt(): local destinations; keepalived issue 2450',
  needs: ['ipvs', 'director', 'iptables'],
  stage: localNodes,
  mutants: [
    {
      id: 'listens-on-dip',
      breaks: "the director's own service listens on the DIP only",
      change: (spec) => ({
        ...spec,
        hosts: spec.hosts.map((host) =>
          host.role === 'director' && host.server
            ? { ...host, server: { ...host.server, listenOn: 'rip' } }
            : host,
        ),
      }),
      reason: /refused.*d1/,
    },
  ],
  async observe({ lab, evidence }) {
    const { vip, director } = pairOf(lab.spec, ports.activeOnly);
    const client = clientOf(lab.spec);
    const prober = await proberOn(lab, client.name);
    const answers = await prober.requests(
      { ip: vip, port: ports.activeOnly },
      { count: 6, timeoutMs: 1_000 },
    );
    const host = lab.host(director.name);
    const entries = await ipvs.connections(host);
    await evidence.save('connections.txt', await ipvs.text(host));
    const used = new Set(answers.map((one) => one.localPort));
    const own = entries.filter(
      (one) =>
        one.cip === client.ip &&
        one.vport === ports.activeOnly &&
        one.rip === director.ip &&
        used.has(one.cport),
    );
    return { answers, entriesForItself: own.length };
  },
  judge({ answers, entriesForItself }, { spec }) {
    const { vip, director, backup } = pairOf(spec, ports.activeOnly);
    const expected = `${answers.length / 2} of ${answers.length} connections answered by ${director.name} itself, the others by ${backup.name}`;
    if (answers.length === 0) return inconclusive(expected, 'no connection was tried');
    const by = (name: string): number => answers.filter((one) => one.server === name).length;
    const errors = answers.flatMap((one) => one.error ?? []);
    const seen = `${by(director.name)} answered by ${director.name}, ${by(backup.name)} by ${backup.name}${errors.length > 0 ? `, ${errors.length} failed (${list(errors)})` : ''}; ${entriesForItself} entries for ${hostSpec(spec, director.name).ip}`;
    const half = answers.length / 2;
    if (by(director.name) === half && by(backup.name) === half && entriesForItself >= half)
      return pass(expected, seen);
    return fail(expected, seen, {
      cause: `the service of ${director.name} does not listen on the VIP, or its own address is not among the real servers`,
      remedy: [
        ...on(director.name, 'ss -ltn', `ipvsadm -a -t ${vip}:${ports.activeOnly} -r ${director.ip} -g`),
        ...advice('the service must listen on the VIP or 0.0.0.0'),
      ],
    });
  },
});
