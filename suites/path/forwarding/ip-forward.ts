import { check } from '../../../src/model/check.ts';
import type { ServiceSpec } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { onSecondVip } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { type Look, lookBehind } from '../../common/looking/look.ts';
import { otherMethod, whyUnanswered } from '../../common/looking/why.ts';
import { withVip } from '../../common/methods.ts';
import { on } from '../../common/remedy.ts';
import { clientOf, list, serviceOf, targetOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { ipCounters, readIpCounters } from '../snmp.ts';
import { nat } from './rewrite.ts';

interface Unforwarding {
  director: string;
  /** As it was during the connections. */
  ipForward: string;
  answers: Answer[];
  /** By how much IpForwDatagrams rose. */
  routed: number;
  /** Where some were not answered. */
  look?: Look;
}

const readForward = 'read on </proc/sys/net/ipv4/ip_forward; echo $on';
/** Linux ip_vs_core.c: from LOCAL_IN to LOCAL_OUT; the FORWARD path is not taken, ip_forward not asked. */
export const needsNoForwarding = check<Unforwarding>({
  id: 'PP-22',
  suite: 'path',
  level: 'must',
  title: 'the director needs no ip_forward',
  requirement:
    'With net.ipv4.ip_forward=0 on the director every connection is answered, and it routes nothing.',
  source: 'Linux ip_vs_core.c (hooks LOCAL_IN, LOCAL_OUT); LVS-HOWTO, LVS-DR',
  forwards: withVip,
  needs: ['director', 'ipvs'],
  vantages: everywhere('tcp'),
  presumes: ['vipAtDirector', 'framesToDirector', 'allServersAnswer'],
  mutants: [nat(/not answered.*not DR/), onSecondVip(nat(/not answered.*not DR/))],
  async observe({ lab }) {
    const service = serviceOf(lab.spec, 'tcp');
    const name = await activeDirector(lab, service.vip);
    const director = lab.host(name);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const look = async () => {
      const { stdout } = await director.exec(`${readForward}; ${readIpCounters}`);
      return { ipForward: stdout.split('\n')[0] ?? '', routed: ipCounters(stdout).ForwDatagrams ?? 0 };
    };
    const { ipForward: was, routed: before } = await look();
    // Even the value that it has already would reset other settings.
    const set = (value: string) =>
      was === '0' ? undefined : director.exec(`echo ${value} >/proc/sys/net/ipv4/ip_forward`);
    await set('0');
    try {
      const count = Math.min(2 * service.realServers.length, 16);
      const answers = await prober.requests(targetOf(service), { count, parallel: count, timeoutMs: 1_500 });
      const { ipForward, routed } = await look();
      const seen = { director: name, ipForward, answers, routed: routed - before };
      if (answers.every(({ ok }) => ok)) return seen;
      return { ...seen, look: await lookBehind(lab, service, silentOf(answers, service)) };
    } finally {
      await set(was);
    }
  },
  judge({ director, ipForward, answers, routed, look }, { spec }) {
    const service = serviceOf(spec, 'tcp');
    const expected = `${answers.length} of ${answers.length} answered with ip_forward=0, IpForwDatagrams unchanged`;
    if (ipForward !== '0' || answers.length === 0)
      return inconclusive(expected, `ip_forward was «${ipForward}», ${answers.length} connections`);
    const bad = answers.filter((answer) => !answer.ok);
    const seen = `${bad.length} of ${answers.length} not answered (${list(bad.map((one) => one.error ?? ''))}); IpForwDatagrams rose by ${routed}`;
    if (bad.length === 0 && routed === 0) return pass(expected, seen);
    const method =
      look?.servers.flatMap(({ server }) => otherMethod(spec, service, look, server) ?? []) ?? [];
    if (look && bad.length > 0 && routed === 0 && method.length === 0)
      return fail(expected, seen, whyUnanswered(spec, service, look, silentOf(answers, service)));
    return fail(expected, seen, {
      cause:
        method.length > 0
          ? `${list(method.map(({ cause }) => cause))}: that is not DR, and its packets need more than DR`
          : `packets through ${director} are lost, or something in their path is not DR and needs routing, as NAT does`,
      remedy: [...method.flatMap(({ remedy }) => remedy), ...on(director, 'ipvsadm -Ln', 'ip route show')],
    });
  },
});

const silentOf = (answers: Answer[], { realServers }: ServiceSpec): string[] =>
  realServers.map(({ name }) => name).filter((name) => answers.every(({ server }) => server !== name));
