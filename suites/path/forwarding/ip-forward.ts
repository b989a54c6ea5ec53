import { check } from '../../../src/model/check.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { clientOf, list, serviceOf, targetOf } from '../../common/subjects.ts';
import { ipCounters, readIpCounters } from '../snmp.ts';
import { nat } from './rewrite.ts';

interface Unforwarding {
  director: string;
  /** As it was during the connections. */
  ipForward: string;
  answers: Answer[];
  /** By how much IpForwDatagrams rose. */
  routed: number;
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
  needs: ['director', 'ipvs'],
  mutants: [nat(/not answered.*no DR/)],
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
      return { director: name, ipForward, answers, routed: routed - before };
    } finally {
      await set(was);
    }
  },
  judge({ director, ipForward, answers, routed }, { spec }) {
    const { vip, port } = serviceOf(spec, 'tcp');
    const expected = `${answers.length} of ${answers.length} answered with ip_forward=0, IpForwDatagrams unchanged`;
    if (ipForward !== '0' || answers.length === 0)
      return inconclusive(expected, `ip_forward was «${ipForward}», ${answers.length} connections`);
    const bad = answers.filter((answer) => !answer.ok);
    const seen = `${bad.length} of ${answers.length} not answered (${list(bad.map((one) => one.error ?? ''))}); IpForwDatagrams rose by ${routed}`;
    if (bad.length === 0 && routed === 0) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `something in the way of the packets through ${director} is no DR: it needs routing, as NAT does`,
      remedy: `on ${director}: ipvsadm -Ln (method Route?); ipvsadm -e -t ${vip}:${port} -r RIP -g`,
    });
  },
});
