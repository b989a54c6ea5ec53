import { type Check, check, type Mutant } from '../../../src/model/check.ts';
import type { FaultEvidence, FaultSpec } from '../../../src/model/fault.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { advice } from '../../common/remedy.ts';
import { count, list, targetOf } from '../../common/subjects.ts';
import { onService, serviceAt } from '../../common/tables.ts';
import { checkOf, detectionMs, formulaOf, slackMs } from './limits.ts';
import { asking, health, ports } from './stage.ts';
import { limitAt, nowMs, type Weights, watch, weightsText } from './watching.ts';

/** A real server misbehaves, and its service is looked at until it is out of the table, and after that. */
interface Detected {
  server: string;
  evidence: FaultEvidence;
  /** From the moment when the fault was there; null: it was not removed. */
  removedAfterMs: number | null;
  waitedMs: number;
  weights: Weights;
  /** Of connections that were made after the removal, and failed. */
  failedAfter: string[];
}

const requests = 6;

const tcpOnly: Mutant = {
  id: 'tcp-check',
  breaks: 'the health check of the service only connects (TCP_CHECK)',
  change: onService(ports.http, { healthCheck: { ...asking, check: 'tcp' } }),
  reason: /still in the table/,
};

const rarely: Mutant = {
  id: 'rarely-asked',
  breaks: 'delay_loop is 30 s and the agreed limit assumes 1 s',
  change: onService(ports.http, { healthCheck: { ...asking, check: 'http', intervalMs: 30_000 } }),
  reason: /still in the table/,
};

/** What is asked of the service, whatever a mutant made of its settings. */
const agreed = { ...asking, check: 'http' as const };

function detecting(
  name: string,
  fault: (host: string) => FaultSpec,
  words: Pick<Check, 'title' | 'requirement'> & { mutants: Mutant[] },
): Check {
  return check<Detected>({
    id: `HC-01@${name}`,
    suite: 'failover',
    level: 'must',
    source: 'keepalived.conf(5): HTTP_GET, delay_loop, connect_timeout, retry, delay_before_retry',
    needs: ['ipvs', 'healthChecks', 'answerFault', 'severalRealServers'],
    stage: health,
    ...words,
    async observe({ lab, evidence, note }) {
      const { victim, weights, whenSo, allBack, prober, director } = await watch(lab);
      const service = serviceAt(lab.spec, ports.http);
      const waitMs = detectionMs(agreed) + slackMs + 2_000;
      note(`${victim} misbehaves`);
      const running = await lab.faults.start(fault(victim));
      try {
        const removed = await whenSo(ports.http, `${victim} gone`, (all) => !(victim in all), waitMs);
        const waitedMs = Math.round(nowMs() - running.applied.toMs);
        const answers =
          removed === null
            ? []
            : await prober.requests(targetOf(service), { count: requests, parallel: requests });
        const result: Detected = {
          server: victim,
          evidence: await running.verify(),
          removedAfterMs: removed === null ? null : Math.round(removed - running.applied.toMs),
          waitedMs,
          weights: await weights(ports.http),
          failedAfter: answers.filter(({ ok }) => !ok).map(({ error }) => error ?? 'no answer'),
        };
        await evidence.save('ipvs.txt', await ipvs.text(director));
        return result;
      } finally {
        await running.revert();
        if (limitAt(lab.spec, ports.http) <= detectionMs(agreed)) await allBack();
      }
    },
    judge({ server, evidence, removedAfterMs, waitedMs, weights, failedAfter }, { spec }) {
      const limitMs = detectionMs(agreed) + slackMs;
      const expected = `${server} out of the table within ${limitMs} ms (${formulaOf(agreed)}, and ${slackMs} ms), then every connection answered`;
      if (!evidence.happened) return inconclusive(expected, `the fault did not happen: ${evidence.sentence}`);
      const told = checkOf(spec, serviceAt(spec, ports.http));
      const remedy = advice(
        `in keepalived.conf: HTTP_GET, delay_loop ${agreed.intervalMs / 1000}, connect_timeout ${agreed.timeoutMs / 1000}, retry ${agreed.retries}`,
      );
      if (removedAfterMs === null)
        return fail(
          expected,
          `${server} is still in the table after ${waitedMs} ms (${weightsText(weights)}), though ${evidence.sentence}`,
          {
            cause: `keepalived asks by ${told.check ?? 'tcp'} every ${told.intervalMs} ms, and does not notice it`,
            remedy,
          },
        );
      const figures = [
        { name: 'fault to removal', value: removedAfterMs, unit: 'ms', better: 'lower' as const },
      ];
      const seen = `removed after ${removedAfterMs} ms; ${count(failedAfter.length, 'connection')} of ${requests} failed after that${failedAfter.length > 0 ? ` (${list(failedAfter)})` : ''}`;
      if (removedAfterMs <= limitMs && failedAfter.length === 0) return pass(expected, seen, { figures });
      return fail(expected, seen, {
        cause:
          failedAfter.length > 0
            ? `connections still go to ${server}`
            : 'detection takes longer than its settings',
        remedy,
        figures,
      });
    },
  });
}

/** The commonest way of dying that a connection does not show: the kernel accepts, the program does not. */
export const hangingServerRemoved = detecting(
  'hang',
  (host) => ({ kind: 'hang', host, requesters: 'everyone' }),
  {
    title: 'a real server that accepts and never answers is taken out in time',
    requirement:
      'A real server that accepts connections and answers none gets no new one once HTTP_GET has had time to notice it.',
    mutants: [tcpOnly, rarely],
  },
);

export const wrongAnswersRemoved = detecting(
  'wrong',
  (host) => ({ kind: 'errorAnswers', host, status: 500, requesters: 'everyone' }),
  {
    title: 'a real server that answers 500 is taken out in time',
    requirement:
      'A real server whose answers are errors gets no new connection once HTTP_GET has had time to notice it.',
    mutants: [tcpOnly],
  },
);
