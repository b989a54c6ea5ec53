import { check } from '../../../src/model/check.ts';
import { ProbeFailed } from '../../../src/probe/errors.ts';
import { until } from '../../../src/util/until.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { advice } from '../../common/remedy.ts';
import { onService } from '../../common/tables.ts';
import { slackMs } from './limits.ts';
import { health, markRoute, ports } from './stage.ts';
import { limitAt, nowMs, watch } from './watching.ts';

interface Started {
  server: string;
  /** Whether the command of the lost quorum had run once keepalived had ended. */
  downAtEnd: boolean;
  /** Whether the dead real server was ever in the tables while keepalived started. */
  plainHadIt: boolean;
  alphaHadIt: boolean;
  /** The services with and without alpha had the live ones in the end. */
  othersServe: boolean;
}

/** Starting keepalived and a first round of checks, on a busy machine. */
const startMs = 10_000;

/** keepalived.conf(5) alpha, omega. */
export const alphaAndOmega = check<Started>({
  id: 'HC-06',
  suite: 'failover',
  level: 'should',
  title: 'alpha: no connection to a real server before its first check; omega: quorum_down runs at the end',
  requirement:
    'With alpha a real server enters the table only after a check has succeeded; with omega the commands of a lost quorum run when keepalived ends.',
  source: 'keepalived.conf(5) alpha, omega, quorum_down',
  needs: ['ipvs', 'healthChecks', 'serviceFault', 'directorFault', 'severalRealServers'],
  stage: health,
  disturbs: true,
  mutants: [
    {
      id: 'no-alpha',
      breaks: 'alpha is missing',
      change: onService(ports.alpha, { alpha: false }),
      reason: /rs1, which is dead, was in the table with alpha/,
    },
    {
      id: 'no-omega',
      breaks: 'omega is missing',
      change: onService(ports.quorum, { omega: false }),
      reason: /quorum_down did not run/,
    },
  ],
  async observe({ lab, note }) {
    const { name, director, victim, weights } = await watch(lab);
    const now = async (port: number) => {
      try {
        return await weights(port);
      } catch (error) {
        // While keepalived is away its services are.
        if (error instanceof ProbeFailed) return {};
        throw error;
      }
    };
    note(`stopping keepalived on ${name}`);
    await lab.faults.signalDirector(name, 'TERM');
    const { stdout } = await director.exec('exec ip route show type blackhole');
    note(`killing the service of ${victim}, and starting keepalived again`);
    await lab.faults.killService(victim);
    await lab.faults.startDirector(name);
    const start = nowMs();
    const limitMs = limitAt(lab.spec, ports.tcp) + slackMs;
    let [plainHadIt, alphaHadIt] = [false, false];
    const others = await until(
      `${victim} to be found dead`,
      async () => {
        const [plain, alpha] = [await now(ports.tcp), await now(ports.alpha)];
        plainHadIt ||= victim in plain;
        alphaHadIt ||= victim in alpha;
        const settled = Object.keys(plain).length > 0 && Object.keys(alpha).length > 0;
        // A service without alpha has it at first, and loses it; then both are as they stay.
        if (plainHadIt && settled && !(victim in plain) && !(victim in alpha)) return true;
        return nowMs() - start > startMs + limitMs ? false : undefined;
      },
      { withinMs: 2 * (startMs + limitMs), everyMs: 20 },
    );
    return {
      server: victim,
      downAtEnd: stdout.includes(markRoute.replace('/32', '')),
      plainHadIt,
      alphaHadIt,
      othersServe: others,
    };
  },
  judge({ server, downAtEnd, plainHadIt, alphaHadIt, othersServe }) {
    const expected = `quorum_down ran at the end; ${server}, which is dead at the start, at first in the table without alpha, and never with it`;
    if (!plainHadIt)
      return inconclusive(
        expected,
        `${server} was not seen in the table without alpha, where it should be at first`,
      );
    const seen = `quorum_down ${downAtEnd ? 'ran' : 'did not run'} at the end; ${server}, which is dead, was ${alphaHadIt ? '' : 'never '}in the table with alpha; the others ${othersServe ? 'are' : 'are not'} in both tables`;
    if (downAtEnd && !alphaHadIt && othersServe) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'alpha or omega is missing, or the checks do not end',
      remedy: advice('in keepalived.conf: alpha, omega and quorum_down in the virtual_server block'),
    });
  },
});
