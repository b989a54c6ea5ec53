import { check, type Judgement } from '../../../src/model/check.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
import { advice } from '../../common/remedy.ts';
import { once } from '../../common/vantages.ts';
import { judgeOutage, type UnderLoad } from '../outage/judge.ts';
import { goodAtTheEnd, momentOf } from '../outage/load.ts';
import { type DeadServer, detectionLimitMs, died, killAndRevive, removed } from './killing.ts';
import { slackMs } from './limits.ts';

/** Finds the checker by the pid file that keepalived was told of, once it is there, and stops it. */
const checkerHangs = afterApply(
  () => `for p in $(pidof keepalived); do
  file=$(tr '\\0' '\\n' </proc/$p/cmdline | grep 'checkers.pid$')
  tries=0; until [ -s "$file" ] || [ $tries -ge 100 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -STOP $(cat "$file")
done`,
);

/** keepalived.conf(5), TCP_CHECK: connect_timeout, retry, delay_before_retry; virtual_server delay_loop. */
export const deadServerRemoved = check<DeadServer>({
  id: 'HC-01',
  suite: 'failover',
  level: 'must',
  title: 'a dead real server is taken out in time',
  requirement:
    'A real server whose service died gets no new connection once the health checks have had time to notice it.',
  source: 'keepalived.conf(5): delay_loop, connect_timeout, retry, delay_before_retry',
  needs: ['capture', 'healthChecks', 'ipvs', 'serviceFault', 'severalRealServers'],
  vantages: once('it kills a real server, and is about when the director notices'),
  mutants: [
    {
      id: 'checker-hangs',
      breaks: 'the health checker hangs',
      change: checkerHangs,
      reason: /still in the table/,
    },
  ],
  disturbs: true,
  observe: (on) => killAndRevive(on, false),
  judge(observation, { spec }) {
    const { server, record } = observation;
    const limitMs = detectionLimitMs(spec) + slackMs;
    const expected = `${server} out of the table within ${limitMs} ms, and no connection lost after that`;
    const [at, out] = [momentOf(record, died), momentOf(record, removed)];
    return judgeOutage({
      expected,
      load: at && out && record,
      slackMs,
      title: `the service of ${server} dies`,
      verdict: (under) =>
        removal(observation, under, {
          expected,
          limitMs,
          diedMs: at?.toMs ?? 0,
          removedMs: out?.toMs ?? 0,
        }),
    });
  },
});

/** What is planned just before the removal may be sent after it. */
const underWayMs = 100;

function removal(
  { server, removed: gone }: DeadServer,
  { fresh }: UnderLoad,
  o: { expected: string; limitMs: number; diedMs: number; removedMs: number },
): Judgement {
  const { expected, limitMs, removedMs } = o;
  const tookMs = Math.round(removedMs - o.diedMs);
  if (!gone)
    return fail(expected, `${server} is still in the table ${tookMs} ms after its death`, {
      cause: 'the health checks do not run, do not reach the real server, or check something else',
      remedy: advice('read the log of keepalived; is its process for health checks running?'),
    });
  const failed = fresh.points.filter(({ latencyMs }) => latencyMs === null);
  const after = failed.filter(({ tMs }) => tMs > removedMs + underWayMs);
  // A service that died refuses; whatever else became of a connection, it was not sent there.
  const lost = after.filter(({ error }) => error === 'refused' || error === 'reset').length;
  const before = failed.length - after.length;
  const figures = [
    { name: 'death to removal', value: tookMs, unit: 'ms', better: 'lower' as const },
    {
      name: 'new connections lost until removal',
      value: before,
      unit: 'connections',
      better: 'lower' as const,
    },
  ];
  const seen = `removed after ${tookMs} ms; ${before} new connections lost until then, ${lost} after`;
  if (tookMs <= limitMs && lost === 0 && after.length > 0)
    return inconclusive(
      expected,
      `removed after ${tookMs} ms; then ${after.length} connections were lost, none of them refused: for a reason other than the dead real server (see PP-26)`,
      { figures },
    );
  if (tookMs <= limitMs && lost === 0 && goodAtTheEnd(fresh)) return pass(expected, seen, { figures });
  return fail(expected, seen, {
    cause: lost > 0 ? 'connections still go to a dead real server' : 'detection takes longer than configured',
    remedy: advice(
      'compare delay_loop, connect_timeout and retry in keepalived.conf with the log of keepalived',
    ),
    figures,
  });
}
