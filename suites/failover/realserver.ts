import { check, type Judgement, type Observing } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { until } from '../../src/util/until.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply, onFirstServer } from '../common/mutate.ts';
import { serviceOf } from '../common/subjects.ts';
import { detectionMs, slackMs } from './health/limits.ts';
import { judgeOutage, type UnderLoad } from './outage/judge.ts';
import { goodAtTheEnd, Load, type LoadRecord, momentOf, pause, streamOf } from './outage/load.ts';

interface DeadServer {
  server: string;
  removed: boolean;
  returned: boolean;
  /** Answers of new connections by the server after its return. */
  answersAfterReturn: number;
  record: LoadRecord;
}

const died = 'service dies';
const removed = 'removed';
const revived = 'service returns';
const readded = 'added again';

/** What the lab's own health checks may take. */
export function detectionLimitMs({ director: { healthCheck } }: LabSpec): number {
  if (!healthCheck) throw new Error('the lab has no health checks');
  return detectionMs(healthCheck);
}

async function inTable(lab: Lab, server: string): Promise<boolean> {
  const service = serviceOf(lab.spec, 'tcp');
  const director = lab.host(await activeDirector(lab, service.vip));
  const { ip } = hostSpec(lab.spec, server);
  const rules = await ipvs.rules(director);
  const rule = rules.find(
    (one) => one.vip === service.vip && one.port === service.port && one.protocol === 'tcp',
  );
  return rule?.realServers.some((one) => one.ip === ip && one.weight > 0) ?? false;
}

async function killAndRevive({ lab, note, evidence }: Observing, revive: boolean): Promise<DeadServer> {
  const server = hostsOf(lab.spec, 'realServer')[0]?.name ?? '';
  const withinMs = detectionLimitMs(lab.spec) + slackMs + 3_000;
  const capture = await lab.capture({
    filter: 'tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0',
    snapLengthBytes: 96,
  });
  const load = await Load.start(lab);
  const waitFor = (label: string, want: boolean): Promise<boolean> =>
    load.see(label, () =>
      until(`${server} ${label}`, async () => ((await inTable(lab, server)) === want ? true : undefined), {
        withinMs,
      }).catch(() => false),
    );
  note(`killing the service of ${server} under load`);
  await load.act(died, () => lab.faults.killService(server));
  const wasRemoved = await waitFor(removed, false);
  await pause(1_500);
  let returned = false;
  if (revive && wasRemoved) {
    note(`restarting the service of ${server}`);
    await load.act(revived, () => lab.faults.restartService(server));
    returned = await waitFor(readded, true);
    await pause(1_500);
  }
  const record = await load.stop();
  await evidence.save('handshakes.pcap', await capture.stop());
  const director = await activeDirector(lab, serviceOf(lab.spec, 'tcp').vip);
  await evidence.save(`ipvs-${director}.txt`, await ipvs.text(lab.host(director)));
  const since = momentOf(record, readded)?.toMs ?? Number.POSITIVE_INFINITY;
  const fresh = streamOf(record, 'new connections')?.points ?? [];
  const answersAfterReturn = fresh.filter((point) => point.tMs > since && point.server === server).length;
  return { server, removed: wasRemoved, returned, answersAfterReturn, record };
}

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
    'A real server whose service died gets no new connection once the health checks had time to see it.',
  source: 'keepalived.conf(5): delay_loop, connect_timeout, retry, delay_before_retry',
  needs: ['capture', 'healthChecks', 'ipvs', 'serviceFault', 'severalRealServers'],
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
      remedy: 'read the log of keepalived; check that keepalived_healthcheckers runs',
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
      `removed after ${tookMs} ms; then ${after.length} connections were lost, none of them refused: for another reason than the dead real server (see PP-26)`,
      { figures },
    );
  if (tookMs <= limitMs && lost === 0 && goodAtTheEnd(fresh)) return pass(expected, seen, { figures });
  return fail(expected, seen, {
    cause: lost > 0 ? 'connections still go to a dead real server' : 'detection takes longer than configured',
    remedy: 'compare delay_loop, connect_timeout and retry with the log of keepalived',
    figures,
  });
}

/** keepalived.conf(5): a real server whose check succeeds again is added with its weight. */
export const revivedServerReturns = check<DeadServer>({
  id: 'HC-02',
  suite: 'failover',
  level: 'must',
  title: 'a real server that comes back gets connections again',
  requirement: 'Once its service answers again, a removed real server is added again and serves.',
  source: 'keepalived.conf(5): real_server, TCP_CHECK',
  needs: ['capture', 'healthChecks', 'ipvs', 'serviceFault', 'severalRealServers'],
  mutants: [
    {
      id: 'director-banned',
      breaks: 'the real server bans the director after the incident',
      change: onFirstServer((spec) => {
        const { port } = serviceOf(spec, 'tcp');
        const listening = `:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`;
        const rules = hostsOf(spec, 'director').map(
          ({ ip }) =>
            `tc filter add dev eth0 ingress protocol ip u32 match ip src ${ip}/32 match ip protocol 6 0xff action drop`,
        );
        return `( while grep -q "${listening}" /proc/net/tcp; do sleep 0.3; done
          tc qdisc add dev eth0 clsact
          ${rules.join('\n          ')} ) >/dev/null 2>&1 </dev/null &`;
      }),
      reason: /not back in the table/,
    },
  ],
  disturbs: true,
  observe: (on) => killAndRevive(on, true),
  judge({ server, removed: gone, returned, answersAfterReturn, record }, { spec }) {
    const limitMs = detectionLimitMs(spec) + slackMs;
    const expected = `${server} back within ${limitMs} ms of its return, and serving`;
    const [from, to] = [momentOf(record, revived), momentOf(record, readded)];
    return judgeOutage({
      expected,
      fault: { happened: gone, sentence: `${server} was never removed, so it could not return` },
      load: from && to && record,
      slackMs,
      title: `the service of ${server} dies and returns`,
      verdict() {
        const tookMs = Math.round((to?.toMs ?? 0) - (from?.toMs ?? 0));
        if (!returned)
          return fail(expected, `${server} is not back in the table ${tookMs} ms after its return`, {
            cause: 'the health check does not reach the real server, or it was removed for good',
            remedy: `on the director: connect to ${hostSpec(spec, server).ip} by hand; read the log of keepalived`,
          });
        const figures = [
          { name: 'return to first use', value: tookMs, unit: 'ms', better: 'lower' as const },
        ];
        const seen = `added again after ${tookMs} ms; ${answersAfterReturn} answers by ${server} since`;
        if (answersAfterReturn > 0 && tookMs <= limitMs) return pass(expected, seen, { figures });
        return fail(expected, seen, {
          cause:
            answersAfterReturn === 0
              ? `${server} is in the table but gets no connection`
              : 'detection is slow',
          remedy: 'ipvsadm -Ln: is its weight restored?',
          figures,
        });
      },
    });
  },
});
