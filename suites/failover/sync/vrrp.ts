import { type Check, check, type Observing } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { RemedyStep } from '../../../src/model/remedy.ts';
import { hostSpec, hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector, holdersOf, neighbour } from '../../../src/probe/neighbour.ts';
import { TimedOut } from '../../../src/util/errors.ts';
import { until } from '../../../src/util/until.ts';
import { withBorrowedAddresses } from '../../common/borrowed.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { advice, on } from '../../common/remedy.ts';
import { clientAddresses } from '../../common/stages.ts';
import { clientOf, gatewayOf, list } from '../../common/subjects.ts';
import { otherDirectors } from '../outage/load.ts';
import { vrrpTimes } from '../vrrp/times.ts';
import { ownSynced, persistentService } from './own.ts';
import { directorsOf, onDirector, ports } from './stage.ts';
import { type Said, saidBy, wordsOf } from './takeover.ts';
import { syncedByVrrp, withoutSync } from './vrrp-stage.ts';
import { knownOf } from './waiting.ts';

interface Client {
  from: string;
  before: string;
  after: string;
}

/** A pair with keepalived loses its active director. */
interface Continued {
  failed: string;
  newMaster: string;
  /** Whether the new master took the VIP over, and neighbours know. */
  takenOver: boolean;
  /** Held connections that the new master knew of before, by client port. */
  known: number[];
  before: Said[];
  after: Said[];
  /** Clients of the persistent service, on a connection of their own each time. */
  clients: Client[];
}

/** What VRRP does not count: announcing, and a busy machine. */
const slackMs = 3_000;

/** Waits until another director has the VIP and the client sends there; @returns whether it came to that. */
export async function followed(lab: Lab, newMaster: string): Promise<boolean> {
  const { vip } = directorsOf(lab.spec);
  const requester = gatewayOf(lab.spec, clientOf(lab.spec)).name;
  const { mac } = hostSpec(lab.spec, newMaster);
  try {
    await until(
      `${newMaster} to take ${vip} over`,
      async () => {
        if (!(await holdersOf(lab, vip)).includes(newMaster)) return undefined;
        return (await neighbour(lab.host(requester), vip))?.mac === mac || undefined;
      },
      { withinMs: vrrpTimes(lab.spec).masterDownMs + slackMs },
    );
    return true;
  } catch (error) {
    if (error instanceof TimedOut) return false;
    throw error;
  }
}

const done = new WeakMap<Lab, Promise<Continued>>();

function continued(on: Observing): Promise<Continued> {
  const known = done.get(on.lab) ?? lose(on);
  done.set(on.lab, known);
  return known;
}

/** From how many addresses the persistent service is asked. */
const askedFrom = 6;

const lose = (on: Observing): Promise<Continued> =>
  on.lab.spec.stage === undefined
    ? withBorrowedAddresses(on.lab, askedFrom - 1, (borrowed) => {
        const own = clientOf(on.lab.spec).ip;
        return loseBefore(on, [...new Set([own, ...borrowed])]);
      })
    : loseBefore(on, clientAddresses(on.lab.spec));

/** The port of the service that keeps these clients. */
const persistentPort = (spec: LabSpec): number | undefined =>
  spec.stage === undefined ? persistentService(spec)?.port : ports.persistent;

async function loseBefore({ lab, evidence, note }: Observing, addresses: string[]): Promise<Continued> {
  const { vip, port } = directorsOf(lab.spec);
  const sticky = persistentPort(lab.spec);
  const failed = await activeDirector(lab, vip);
  const [newMaster = ''] = otherDirectors(lab.spec, failed);
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const ask = async (from: string): Promise<string> => {
    const o = { count: 1, from: [from], timeoutMs: 1_500 };
    const [one] = await prober.requests({ ip: vip, port: sticky ?? 0 }, o);
    return one?.server ?? one?.error ?? 'no answer';
  };
  const clients: Client[] = [];
  for (const from of sticky === undefined ? [] : addresses)
    clients.push({ from, before: await ask(from), after: '' });
  const held = await prober.hold({ ip: vip, port }, { count: 3 });
  try {
    const before = saidBy(held.answers);
    note(`waiting until ${newMaster} knows of the connections`);
    const wanted = before.map(({ port }) => port);
    const known = await knownOf(lab, hostSpec(lab.spec, newMaster), port, wanted);
    await evidence.save(`ipvs-${newMaster}.txt`, await ipvs.text(lab.host(newMaster)));
    note(`cutting the link of ${failed}`);
    await lab.faults.cutLink(failed);
    const takenOver = await followed(lab, newMaster);
    const after = saidBy(await held.ask(4_000));
    // Backwards, so that a rotation that restarts does not give everyone the same real server by chance.
    for (const one of [...clients].reverse()) one.after = await ask(one.from);
    return { failed, newMaster, takenOver, known, before, after, clients };
  } finally {
    await lab.faults.restoreLink(failed);
    await held.close();
  }
}

const about: Pick<
  Check<Continued>,
  'suite' | 'level' | 'source' | 'needs' | 'stage' | 'observe' | 'timeoutMs'
> = {
  suite: 'failover',
  level: 'must',
  source: 'keepalived.conf(5) lvs_sync_daemon; Linux ip_vs_sync.c',
  needs: ['ipvs', 'directorPair', 'linkFault', 'severalRealServers', 'directClient'],
  stage: syncedByVrrp,
  observe: continued,
};

const mutants = (reason: RegExp): Check['mutants'] => [
  {
    id: 'no-sync',
    breaks: 'keepalived runs no sync daemon (no lvs_sync_daemon)',
    change: withoutSync,
    reason,
  },
  {
    id: 'sync-filtered',
    breaks: 'the firewall of the standby drops the messages of the sync daemon (UDP 8848)',
    change: onDirector('standby', 'iptables-legacy -A INPUT -p udp --dport 8848 -j DROP'),
    reason,
  },
];

const cause = (failed: string, newMaster: string): { cause: string; remedy: RemedyStep[] } => ({
  cause: `${newMaster} was not told of the connections of ${failed}`,
  remedy: [
    ...on([failed, newMaster], 'ipvsadm -L --daemon'),
    ...advice(
      'in global_defs of keepalived.conf: lvs_sync_daemon, with the interface and the name of the instance',
    ),
    ...advice('let UDP 8848 to 224.0.0.81 pass between them'),
  ],
});

export const connectionsSurviveVrrp = check<Continued>({
  ...about,
  own: ownSynced({ moved: 'vrrp', disturbs: true }),
  id: 'SYN-01@vrrp',
  title: 'with keepalived and its sync daemon connections survive the loss of the active director',
  requirement:
    'When the active director is cut off, connections that are some seconds old are answered by the same real servers through the other.',
  mutants: mutants(/(reset|timeout).*\S+ knew of 0 of 3/),
  judge({ failed, newMaster, takenOver, known, before, after }) {
    const expected = `the ${before.length} connections are answered by the same real servers through ${newMaster}`;
    if (before.length === 0 || before.some(({ server }) => server === undefined))
      return inconclusive(expected, `before the failover: ${wordsOf(before)}`);
    if (!takenOver)
      return inconclusive(expected, `${newMaster} did not take over from ${failed} in time (see HA-01)`);
    const seen = `${wordsOf(before)} before, ${wordsOf(after)} after; ${newMaster} knew of ${known.length} of ${before.length}`;
    if (after.every(({ server }, i) => server !== undefined && server === before[i]?.server))
      return pass(expected, seen);
    return fail(expected, seen, cause(failed, newMaster));
  },
});

export const persistenceSurvivesVrrp = check<Continued>({
  ...about,
  own: ownSynced({ moved: 'vrrp', persistent: true, disturbs: true }),
  id: 'PST-01@vrrp',
  title: 'with keepalived and its sync daemon clients of a persistent service stay with their real servers',
  requirement:
    'A client of a persistent service reaches the same real server through the director that took over.',
  mutants: mutants(/moved/),
  judge({ failed, newMaster, takenOver, clients }, { spec }) {
    const expected = `each of ${clients.length} clients reaches the same real server through ${newMaster}`;
    const servers = hostsOf(spec, 'realServer').map(({ name }) => name);
    const silent = clients.filter(({ before }) => !servers.includes(before));
    if (clients.length === 0) return inconclusive(expected, 'the lab has no client on the segment');
    if (silent.length > 0)
      return inconclusive(expected, `before the failover: ${list(silent.map(({ before }) => before))}`);
    if (!takenOver)
      return inconclusive(expected, `${newMaster} did not take over from ${failed} in time (see HA-01)`);
    const moved = clients.filter(({ before, after }) => before !== after);
    const seen = clients.map(({ from, before, after }) => `${from}: ${before}, then ${after}`).join('; ');
    if (moved.length === 0) return pass(expected, seen);
    return fail(
      expected,
      `${moved.length} of ${clients.length} clients moved: ${seen}`,
      cause(failed, newMaster),
    );
  },
});
