import * as ipvs from '../../src/probe/ipvs.ts';
import { until } from '../../src/util/until.ts';
import { functional } from '../common/coassert.ts';
import { finAndResetDropped } from '../common/filters.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, everyHost, filtersOn, on } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import { nameOfRip, portOf, sceneOf, tables } from '../common/tables.ts';
import { connectionsOf, ownConnections } from './own.ts';

interface Counted {
  servers: {
    name: string;
    /** As the client has them. */
    held: number;
    closed: number;
    /** As ipvsadm shows them. */
    active: number;
    inactive: number;
  }[];
}

/** Linux tcp_state_active(). */
const activeStates = new Set(['ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'SYNACK']);

/** ipvsadm(8): ActiveConn and InActConn, which schedulers like wlc and people read. */
export const countsAreTrue = functional<Counted>({
  id: 'CT-08',
  suite: 'connections',
  level: 'should',
  title: 'ActiveConn and InActConn are the connections that clients hold and have closed',
  requirement:
    'For each real server ActiveConn is the number of open connections, InActConn that of closed ones whose entries still last.',
  source: 'ipvsadm(8) --list; Linux set_tcp_state()',
  needs: ['ipvs', 'director', 'directClient'],
  stage: tables,
  own: ownConnections('a tcp service of DR', {}, { how: { needs: ['ipvs', 'director'] } }),
  mutants: [
    {
      id: 'fin-dropped',
      breaks: 'the director drops segments with FIN or RST, as an INVALID rule does',
      change: finAndResetDropped,
      reason: /closed connections count as active/,
    },
  ],
  async observe({ lab, evidence }) {
    const { service, director, prober, target, entries } = await sceneOf(
      lab,
      connectionsOf(lab.spec, portOf.counted),
    );
    const older = await oldEntries(entries);
    const n = service.realServers.length;
    const held = await prober.hold(target, { count: 2 * n });
    const closed = await prober.requests(target, { count: n });
    const of = (answers: { server?: string }[], name: string) =>
      answers.filter((answer) => answer.server === name).length;
    let servers: Counted['servers'] = [];
    const look = async () => {
      const left = await older();
      servers = (await ipvs.table(director, service)).servers.map(({ ip, active, inactive }) => {
        const name = nameOfRip(lab.spec, ip);
        const before = left.filter(({ rip }) => rip === ip);
        const open = before.filter(({ state }) => activeStates.has(state)).length;
        return {
          name,
          held: of(held.answers, name) + open,
          closed: of(closed, name) + before.length - open,
          active,
          inactive,
        };
      });
      return servers.every((one) => one.active === one.held && one.inactive === one.closed) || undefined;
    };
    await until('the last FIN to be counted', look, { withinMs: 2_000, everyMs: 50 }).catch(() => undefined);
    await evidence.save('ipvs.txt', await ipvs.text(director));
    await held.close();
    return { servers };
  },
  judge({ servers }, { spec }) {
    const expected = list(servers.map((one) => `${one.name} ${one.held} active and ${one.closed} inactive`));
    if (servers.every((one) => one.held === 0) || servers.every((one) => one.closed === 0))
      return inconclusive(expected, 'no connection was answered');
    const seen = list(servers.map((one) => `${one.name} ${one.active} active and ${one.inactive} inactive`));
    if (servers.every((one) => one.active === one.held && one.inactive === one.closed))
      return pass(expected, seen);
    const late = servers.some((one) => one.active > one.held);
    return fail(expected, late ? `${seen}: closed connections count as active` : seen, {
      cause: late
        ? 'the director does not see the FIN of clients'
        : 'entries of this service are older than this check, or were dropped',
      remedy: [
        ...on(everyHost(spec, 'director'), 'iptables -S', filtersOn(spec, 'ingress')),
        ...advice('accept everything for the VIP without state: no INVALID drop, no filter on flags'),
      ],
    });
  },
});

/** What earlier connections left, as often as it is asked: as much of it as has not expired meanwhile. */
async function oldEntries(
  entries: () => Promise<ipvs.Connection[]>,
): Promise<() => Promise<ipvs.Connection[]>> {
  const keyOf = ({ cip, cport }: ipvs.Connection): string => `${cip} ${cport}`;
  const old = new Set((await entries()).map(keyOf));
  return async () => (old.size === 0 ? [] : (await entries()).filter((row) => old.has(keyOf(row))));
}
