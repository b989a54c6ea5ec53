import { check } from '../../src/model/check.ts';
import { hostsOf } from '../../src/model/spec.ts';
import { tcpFrame } from '../../src/probe/frame.ts';
import { inject } from '../../src/probe/inject.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { on } from '../common/remedy.ts';
import { clientAddresses } from '../common/stages.ts';
import { list } from '../common/subjects.ts';
import { portOf, sceneAt, tables } from '../common/tables.ts';
import { trackedOn, whileTracking } from '../common/tracking.ts';
import { sentFrom, unusedSources } from '../common/unused-sources.ts';

interface Tables {
  director: string;
  clients: number;
  entries: number;
  /** Neighbours of the director that are no host of the lab. */
  clientNeighbours: string[];
  /** Connections of the clients that the director tracks. */
  tracked: number;
  own: number;
}

const clients = 200;

/** In DR a director never sends to a client, and takes what it forwards out of connection tracking. */
export const otherTablesStaySmall = check<Tables>({
  id: 'SCL-02',
  suite: 'defence',
  level: 'should',
  title: 'neighbour and tracking tables do not grow with the clients',
  requirement:
    'However many clients there are, the director needs no neighbour entry and no tracked connection for any of them.',
  source: 'Linux ip_vs_dr_xmit(), ip_vs_notrack(); ipvs-sysctl.rst (conntrack)',
  needs: ['ipvs', 'director', 'inject', 'iptables', 'conntrack', 'directClient'],
  stage: tables,
  mutants: [
    {
      id: 'conntrack-on',
      breaks: 'net.ipv4.vs.conntrack=1 on the director',
      change: sysctls('director', { 'net.ipv4.vs.conntrack': '1' }),
      reason: /200 tracked connections/,
    },
  ],
  async observe({ lab }) {
    const scene = await sceneAt(lab, portOf.tracked);
    const { director, clientHost, client } = scene;
    const sources = unusedSources(lab.spec, 400 + clients).slice(400);
    const frames = sources.map((source) =>
      tcpFrame({ ...sentFrom(source, scene), srcPort: 2_000, dstPort: portOf.tracked, flags: ['syn'] }),
    );
    return whileTracking(director, async () => {
      await inject(clientHost, frames, { device: sentFrom(client.ip, scene).device });
      await director.exec(`exec ping -n -c 1 -W 2 ${client.ip}`, { okCodes: [0, 1] });
      const { stdout } = await director.exec('exec ip -4 neigh show');
      const rows = await trackedOn(director);
      const ours = new Set(sources);
      const known = new Set([...lab.spec.hosts.map((host) => host.ip), ...clientAddresses(lab.spec)]);
      return {
        director: director.name,
        clients,
        entries: (await scene.entries()).filter((row) => ours.has(row.cip)).length,
        clientNeighbours: stdout
          .split('\n')
          .map((line) => line.split(' ')[0] ?? '')
          .filter((ip) => ip !== '' && !known.has(ip)),
        tracked: rows.filter((row) => ours.has(/src=(\S+)/.exec(row)?.[1] ?? '')).length,
        own: rows.filter((row) => row.startsWith('icmp')).length,
      };
    });
  },
  judge({ director, clients: n, entries, clientNeighbours, tracked, own }, { spec }) {
    const expected = `${n} clients, ${n} entries, 0 tracked connections, no neighbour but the ${hostsOf(spec, 'realServer').length} real servers and other hosts of the lab`;
    if (entries === 0) return inconclusive(expected, 'none of our SYNs created an entry');
    if (own === 0) return inconclusive(expected, `${director} tracked nothing, not even its own ping`);
    const seen = `${entries} entries for ${n} clients, ${tracked} tracked connections, ${clientNeighbours.length} neighbours that are clients (${list(clientNeighbours.slice(0, 3))})`;
    if (tracked > 0)
      return fail(expected, seen, {
        cause: `net.ipv4.vs.conntrack is 1 on ${director}: nf_conntrack_max then limits its connections`,
        remedy: on(director, 'sysctl -w net.ipv4.vs.conntrack=0'),
      });
    if (clientNeighbours.length === 0 && entries === n) return pass(expected, seen);
    return fail(expected, seen, {
      cause:
        clientNeighbours.length > 0 ? `${director} itself sends to clients` : 'new connections were dropped',
      remedy: on(director, 'ipvsadm -Ln', 'sysctl net.ipv4.vs.drop_packet'),
    });
  },
});
