import type * as ipvs from '../../src/probe/ipvs.ts';
import { setTimeouts, type Timeouts, timeouts } from '../../src/probe/ipvs-state.ts';
import { until } from '../../src/util/until.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import { portOf, sceneOf, tables } from '../common/tables.ts';
import { setWords, timeoutsMeant } from '../common/timeouts.ts';
import { anyConnectionsOf, connectionsOf, ownConnections } from './own.ts';

interface Timed {
  /** What the director says, as the lab left it. */
  found: Timeouts;
  rounds: Round[];
}

interface Round {
  set: Timeouts;
  /** Longest life left of entries that were just made or changed; none: not found. */
  establishedS: number[];
  finS: number[];
  /** Missing: the lab as written has no such service. */
  udpS?: number[];
}

const shorter: Timeouts = { establishedS: 300, finS: 50, udpS: 100 };
/** So much may pass between a segment and our look at the table. */
const slackS = 30;

/** ipvsadm(8) --set: timeouts of the whole director, for entries from then on. */
export const timeoutsCanBeSet = functional<Timed>({
  id: 'CT-02',
  suite: 'connections',
  level: 'must',
  title: 'entries last 900, 120 and 300 s, or what ipvsadm --set says',
  requirement:
    'By default an ESTABLISHED entry expires after 900 s, one in FIN_WAIT after 120 s, UDP after 300 s; --set changes all three.',
  source: 'ipvsadm(8) --set; Linux tcp_timeouts, udp_timeouts',
  needs: ['ipvs', 'director', 'directClient'],
  stage: tables,
  own: ownConnections('a tcp service of DR', {}, { how: { needs: ['ipvs', 'director'] } }),
  mutants: [
    {
      id: 'other-defaults',
      breaks: 'somebody set other timeouts on the director',
      change: onDirectors(() => 'ipvsadm --set 60 10 30'),
      reason: /the director had 60, 10 and 30 s/,
    },
  ],
  async observe({ lab }) {
    const tcp = await sceneOf(lab, connectionsOf(lab.spec, portOf.timed));
    const datagrams = anyConnectionsOf(lab.spec, portOf.timedUdp, { protocol: 'udp' });
    const udp = datagrams && (await sceneOf(lab, datagrams));
    const found = await timeouts(tcp.director);
    const round = async (set: Timeouts): Promise<Round> => {
      const held = await tcp.prober.hold(tcp.target, { count: 1 });
      const sent = await udp?.prober.datagrams(udp.target, { count: 1 });
      const port = held.answers[0]?.localPort;
      const own = async () => (await tcp.entries()).filter((row) => row.cport === port);
      const inState = (rows: ipvs.Connection[], state: string) =>
        rows.filter((row) => row.state === state).map((row) => row.expiresS);
      const establishedS = inState(await own(), 'ESTABLISHED');
      const udpS = (await udp?.entries())
        ?.filter((row) => row.cport === sent?.[0]?.localPort)
        .map((row) => row.expiresS);
      await held.close();
      let finS: number[] = [];
      await until(
        'the entry to see the FIN',
        async () => {
          finS = inState(await own(), 'FIN_WAIT');
          return finS.length > 0 ? true : undefined;
        },
        { withinMs: 8_000, everyMs: 20 },
      ).catch(() => undefined);
      return { set, establishedS, finS, ...(udpS && { udpS }) };
    };
    const first = await round(found);
    if (lab.spec.stage === undefined) return { found, rounds: [first] };
    await setTimeouts(tcp.director, shorter);
    try {
      return { found, rounds: [first, await round(shorter)] };
    } finally {
      await setTimeouts(tcp.director, found);
    }
  },
  judge({ found, rounds }, { spec }) {
    const meant = timeoutsMeant(spec);
    const others = rounds.length > 1 ? `, then ${words(shorter)}` : '';
    const expected = `entries that expire as set: ${words(meant)}${others}`;
    if (rounds.every((one) => one.establishedS.length === 0))
      return inconclusive(expected, 'no entry for any connection was found');
    const seen = rounds.map(said).join('; ');
    const off = [found.establishedS - meant.establishedS, found.finS - meant.finS, found.udpS - meant.udpS];
    const remedy = on(everyHost(spec, 'director'), `ipvsadm --set ${setWords(meant)}`);
    if (off.some((difference) => difference !== 0))
      return fail(expected, `the director had ${words(found)}: ${seen}`, {
        cause: 'the timeouts are not those that the lab file says: somebody used ipvsadm --set',
        remedy,
      });
    if (rounds.some((one) => [one.establishedS, one.finS, one.udpS].some((left) => left?.length === 0)))
      return inconclusive(expected, `not every entry was found: ${seen}`);
    const good = rounds.every(
      ({ set, establishedS, finS, udpS }) =>
        within(establishedS, set.establishedS) && within(finS, set.finS) && within(udpS ?? [], set.udpS),
    );
    if (good) return pass(expected, seen);
    return fail(expected, seen, { cause: 'entries do not expire as ipvsadm -L --timeout says', remedy });
  },
});

const within = (left: number[], setS: number): boolean => left.every((s) => s <= setS && s >= setS - slackS);

const words = ({ establishedS, finS, udpS }: Timeouts): string => `${establishedS}, ${finS} and ${udpS} s`;

const said = ({ set, establishedS, finS, udpS }: Round): string =>
  `set ${words(set)}, left ${list(establishedS.map(String))}, ${list(finS.map(String))} and ${udpS ? list(udpS.map(String)) : 'no udp'} s`;
