import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { on } from '../common/remedy.ts';
import { portOf, sceneOf, tables } from '../common/tables.ts';
import { trackedOn, whileTracking } from '../common/tracking.ts';
import { connectionsOf, ownConnections } from './own.ts';

interface Tracked {
  director: string;
  served: number;
  /** Tracked connections to the VIP's service. */
  balanced: string[];
  /** Tracked packets of the director's own, which show that tracking is on. */
  own: number;
}

const connections = 6;

/** ip_vs_notrack(): what IPVS forwards is taken out of connection tracking again. */
export const balancedFlowsUntracked = functional<Tracked>({
  id: 'CT-10',
  suite: 'connections',
  level: 'should',
  title: 'the director does not track balanced connections',
  requirement:
    'With net.ipv4.vs.conntrack=0, the default, connection tracking on the director has no entry for a balanced connection.',
  source: 'ipvs-sysctl.rst (conntrack); Linux ip_vs_notrack()',
  needs: ['ipvs', 'director', 'iptables', 'conntrack', 'directClient'],
  stage: tables,
  own: ownConnections(
    'a tcp service of DR, and conntrack of IPVS off',
    {},
    {
      changes: true,
      where: (sysctl) => sysctl('net.ipv4.vs.conntrack', '0') === '0',
      how: { needs: ['ipvs', 'director', 'iptables', 'conntrack'] },
    },
  ),
  mutants: [
    {
      id: 'conntrack-on',
      breaks: 'net.ipv4.vs.conntrack=1 on the director',
      change: sysctls('director', { 'net.ipv4.vs.conntrack': '1' }),
      reason: /[1-9]\d* of 6 balanced connections are tracked/,
    },
  ],
  async observe({ lab, evidence }) {
    const { client, director, prober, target, service } = await sceneOf(
      lab,
      connectionsOf(lab.spec, portOf.tracked),
    );
    return whileTracking(director, async () => {
      const held = await prober.hold(target, { count: connections });
      await director.exec(`exec ping -n -c 1 -W 2 ${client.ip}`, { okCodes: [0, 1] });
      const rows = await trackedOn(director);
      await held.close();
      await evidence.save('conntrack.txt', `${rows.join('\n')}\n`);
      return {
        director: director.name,
        served: held.answers.filter((answer) => answer.ok).length,
        balanced: rows.filter((row) => row.includes(`dport=${service.port} `)),
        own: rows.filter((row) => row.startsWith('icmp')).length,
      };
    });
  },
  judge({ director, served, balanced, own }) {
    const expected = `0 of ${connections} balanced connections are tracked on ${director}`;
    if (own === 0) return inconclusive(expected, `${director} tracked nothing, not even its own ping`);
    if (served === 0) return inconclusive(expected, 'no connection was answered');
    const seen = `${balanced.length} of ${connections} balanced connections are tracked, and ${own} of ${director}'s own`;
    if (balanced.length === 0) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `net.ipv4.vs.conntrack is 1 on ${director}: in DR replies never pass it, so what it tracks is half a connection`,
      remedy: on(director, 'sysctl -w net.ipv4.vs.conntrack=0'),
    });
  },
});
