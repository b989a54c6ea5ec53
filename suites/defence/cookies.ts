import type { Lab } from '../../src/model/lab.ts';
import { procNet } from '../../src/probe/proc-net.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { advice, everyHost, on } from '../common/remedy.ts';
import { count, list, realServersOf } from '../common/subjects.ts';
import { portOf, sceneAt } from '../common/tables.ts';
import { defended, withoutDrops } from './stage.ts';

interface Cookies {
  connections: number;
  served: number;
  /** By real server, during the check. */
  servers: { name: string; answered: number; sent: number; received: number }[];
  entries: number;
}

const connections = 6;

/** RFC 4987 §3.6: in DR the handshake is between client and real server, so cookies work there and only there. */
export const cookiesAtRealServers = functional<Cookies>({
  id: 'DOS-04',
  suite: 'defence',
  level: 'should',
  title: 'SYN cookies act at the real servers',
  requirement:
    'A real server that answers SYNs with cookies completes handshakes through the director, which has one entry for each connection.',
  source: 'RFC 4987 §3.6; ip-sysctl.rst (tcp_syncookies)',
  needs: ['ipvs', 'director', 'directClient'],
  stage: defended,
  mutants: [
    {
      id: 'no-cookies',
      breaks: 'tcp_syncookies=0 on the real servers',
      change: sysctls('realServer', { 'net.ipv4.tcp_syncookies': '0' }),
      reason: /rs\d+ sent 0 cookies/,
    },
  ],
  async observe({ lab }) {
    const { service, director, prober, target, entries } = await sceneAt(lab, portOf.cookies);
    const names = realServersOf(lab.spec, service).map((host) => host.name);
    const before = await Promise.all(names.map((name) => cookiesOf(lab, name)));
    const answers = await withoutDrops(director, () => prober.requests(target, { count: connections }));
    const after = await Promise.all(names.map((name) => cookiesOf(lab, name)));
    const ports = new Set(answers.map((answer) => answer.localPort));
    return {
      connections,
      served: answers.filter((answer) => answer.ok).length,
      servers: names.map((name, i) => ({
        name,
        answered: answers.filter((answer) => answer.server === name).length,
        sent: (after[i]?.sent ?? 0) - (before[i]?.sent ?? 0),
        received: (after[i]?.received ?? 0) - (before[i]?.received ?? 0),
      })),
      entries: (await entries()).filter((row) => ports.has(row.cport)).length,
    };
  },
  judge({ connections: n, served, servers, entries }, { spec }) {
    const expected = `${n} connections served, each by a cookie of its real server, and ${n} entries`;
    const seen = `${count(served, 'connection')} served, ${entries} entries; ${list(servers.map((one) => `${one.name} sent ${one.sent} cookies and had ${one.received} back`))}`;
    if (served === 0) return inconclusive(expected, 'no connection was answered');
    const silent = servers.filter(
      ({ sent, received }) => !Number.isFinite(sent) || !Number.isFinite(received),
    );
    if (silent.length > 0)
      return inconclusive(expected, `${list(silent.map((one) => one.name))} does not tell about its cookies`);
    const without = servers.filter((one) => one.sent < one.answered || one.received < one.answered);
    const [first] = without;
    if (first)
      return fail(expected, seen, {
        cause: `${list(without.map((one) => one.name))} ${without.length > 1 ? 'do' : 'does'} not answer SYNs with cookies`,
        remedy: [
          ...on(
            without.map((one) => one.name),
            'sysctl -w net.ipv4.tcp_syncookies=2',
          ),
          ...advice('with 1 there are cookies under a flood only'),
        ],
      });
    if (served === n && entries === n) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'connections or their entries were lost on the way',
      remedy: on(everyHost(spec, 'director'), 'ipvsadm -Lnc', 'sysctl net.ipv4.vs.drop_packet'),
    });
  },
});

async function cookiesOf(lab: Lab, name: string): Promise<{ sent: number; received: number }> {
  const [names = [], values = []] = (await procNet(lab.host(name), 'netstat'))
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '));
  const value = (key: string) => Number(values[names.indexOf(key)] ?? Number.NaN);
  return { sent: value('SyncookiesSent'), received: value('SyncookiesRecv') };
}
