import { check } from '../../src/model/check.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { until } from '../../src/util/until.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { count, list } from '../common/subjects.ts';
import { portOf, sceneOf, tables } from '../common/tables.ts';
import { setWords, timeoutsMeant } from '../common/timeouts.ts';
import { connectionsOf, ownConnections } from './own.ts';

interface Crashed {
  server: string;
  /** What its clients saw on connections that they held. */
  outcomes: string[];
  /** Their entries after the crash. */
  entries: ipvs.Connection[];
}

/** Linux tcp_states[INPUT_ONLY]: in DR the director sees no segment of a real server, so neither its reset nor its silence. */
export const crashIsNotSeen = check<Crashed>({
  id: 'CT-03',
  suite: 'connections',
  level: 'must',
  title: 'the director does not see a real server die: entries stay until they expire',
  requirement:
    'When a real server resets its connections their entries stay ESTABLISHED for the rest of their 900 s, since no client segment says otherwise.',
  source: 'Linux tcp_states[INPUT_ONLY]; kubernetes issue 71358',
  needs: ['ipvs', 'director', 'serviceFault', 'directClient'],
  stage: tables,
  own: ownConnections(
    'a tcp service of DR, without health checks',
    {},
    { settable: true, changes: true, how: { needs: ['ipvs', 'director', 'serviceFault'] } },
  ),
  mutants: [
    {
      id: 'short-timeout',
      breaks: 'the timeout of established connections is 20 s: idle ones are cut',
      change: onDirectors(() => 'ipvsadm --set 20 0 0'),
      reason: /expire in \d+ s/,
    },
  ],
  async observe({ lab, evidence, note }) {
    const { service, director, prober, target, entries } = await sceneOf(
      lab,
      connectionsOf(lab.spec, portOf.crashed),
    );
    const held = await prober.hold(target, { count: 2 * service.realServers.length });
    const server = held.answers.find((answer) => answer.server)?.server ?? '';
    if (server === '') return { server, outcomes: [], entries: [] };
    const ports = held.answers.filter((one) => one.server === server).map((one) => one.localPort);
    note(`killing the service of ${server}`);
    await lab.faults.killService(server);
    try {
      const outcomes = await until(
        'its clients to notice',
        async () => {
          const again = await held.ask(500);
          const own = again.filter((_, i) => held.answers[i]?.server === server);
          return own.every((one) => !one.ok) ? own.map((one) => one.error ?? '') : undefined;
        },
        { withinMs: 5_000 },
      );
      const rows = (await entries()).filter((row) => ports.includes(row.cport));
      await evidence.save('connections.txt', await ipvs.text(director));
      return { server, outcomes, entries: rows };
    } finally {
      await lab.faults.restartService(server);
      await held.close();
    }
  },
  judge({ server, outcomes, entries }, { spec }) {
    const expected = `entries of connections that ${server} reset are still ESTABLISHED, for minutes`;
    if (server === '' || outcomes.length === 0) return inconclusive(expected, 'no connection was answered');
    const states = list(entries.map((row) => row.state));
    const shortest = Math.min(...entries.map((row) => row.expiresS));
    const seen = `${count(outcomes.length, 'connection')} ended with ${list(outcomes)}; ${count(entries.length, 'entry').replace(/entrys$/, 'entries')}, ${states}`;
    if (entries.length !== outcomes.length || entries.some((row) => row.state !== 'ESTABLISHED'))
      return fail(expected, seen, {
        cause: 'something told the director: the clients reset too, or replies pass through it',
        remedy: on(everyHost(spec, 'director'), 'ipvsadm -Ln', 'ipvsadm -Lnc'),
      });
    const meant = timeoutsMeant(spec);
    if (shortest <= (2 / 3) * meant.establishedS)
      return fail(expected, `${seen}, which expire in ${shortest} s`, {
        cause:
          'the timeout of established connections is shorter than meant: idle connections are cut as well',
        remedy: on(everyHost(spec, 'director'), `ipvsadm --set ${setWords(meant)}`),
      });
    return pass(expected, `${seen}, for another ${shortest} s`);
  },
});
