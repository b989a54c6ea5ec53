import { check } from '../../../src/model/check.ts';
import { hostSpec, hostsOf, type ServiceSpec } from '../../../src/model/spec.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onFirstServer } from '../../common/mutate.ts';
import { advice, everyHost, on } from '../../common/remedy.ts';
import { serviceOf } from '../../common/subjects.ts';
import { once } from '../../common/vantages.ts';
import { judgeOutage } from '../outage/judge.ts';
import { momentOf } from '../outage/load.ts';
import { type DeadServer, detectionLimitMs, killAndRevive, readded, revived, takesTurns } from './killing.ts';
import { slackMs } from './limits.ts';

const whyNone = ({ scheduler, persistenceS }: ServiceSpec): string =>
  persistenceS > 0
    ? `the service is persistent, so a client stays with the server that it got meanwhile`
    : `with ${scheduler} that need not be its turn (ipvsadm -Ln shows what counts)`;

/** keepalived.conf(5): a real server whose check succeeds again is added with its weight. */
export const revivedServerReturns = check<DeadServer>({
  id: 'HC-02',
  suite: 'failover',
  level: 'must',
  title: 'a real server that comes back gets connections again',
  requirement: 'Once its service answers again, a removed real server is added again and serves.',
  source: 'keepalived.conf(5): real_server, TCP_CHECK',
  needs: ['capture', 'healthChecks', 'ipvs', 'serviceFault', 'severalRealServers'],
  vantages: once('it kills a real server, and is about when the director notices'),
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
  timeoutMs: 180_000,
  observe: (on) => killAndRevive(on, true),
  judge({ server, removed: gone, returned, answersAfterReturn, answersToOthers = 0, record }, { spec }) {
    const answers = answersAfterReturn + answersToOthers;
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
            remedy: [
              ...on(everyHost(spec, 'director'), `ping -c 3 ${hostSpec(spec, server).ip}`),
              ...advice('read the log of keepalived'),
            ],
          });
        const figures = [
          { name: 'return to first use', value: tookMs, unit: 'ms', better: 'lower' as const },
        ];
        const seen = `added again after ${tookMs} ms; ${answers} answers by ${server} since`;
        if (answers > 0 && tookMs <= limitMs) return pass(expected, seen, { figures });
        const service = serviceOf(spec, 'tcp');
        if (answers === 0 && !takesTurns(service))
          return inconclusive(expected, `${seen}; ${whyNone(service)}`);
        return fail(expected, seen, {
          cause: answers === 0 ? `${server} is in the table but gets no connection` : 'detection is slow',
          remedy: [
            ...on(everyHost(spec, 'director'), 'ipvsadm -Ln'),
            ...advice(`is the weight of ${server} restored?`),
          ],
          figures,
        });
      },
    });
  },
});
