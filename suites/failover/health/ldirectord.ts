import { check } from '../../../src/model/check.ts';
import { driverTraitsOf } from '../../../src/model/driver-traits.ts';
import type { HealthCheckSpec, LabSpec } from '../../../src/model/spec.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { fail, pass } from '../../common/judging.ts';
import { advice } from '../../common/remedy.ts';
import { firstServers, oneIpvsDirector, services, stage } from '../../common/stages.ts';
import { list, targetOf } from '../../common/subjects.ts';
import { onOwnHosts, onService, serviceAt } from '../../common/tables.ts';
import { ports, withSorry } from './stage.ts';
import { nowMs, type Weights, watch, weightsText } from './watching.ts';

/** Whole seconds: ldirectord knows no others. failurecount is one more than the retries. */
const asking: HealthCheckSpec = { intervalMs: 1_000, timeoutMs: 1_000, retries: 1 };
const negotiate: HealthCheckSpec = { ...asking, check: 'http' };

export const byLdirectord = stage(
  'ldirectord',
  'one director with ldirectord: a service that connects, one that negotiates, a quiescent one, one with a fallback',
  onOwnHosts,
  (spec: LabSpec): LabSpec => {
    if (!driverTraitsOf(spec).runsProgramsOfSandbox)
      throw new NotInLab(`ldirectord is tried in labs of namespaces, not by driver «${spec.driver.kind}»`);
    return { ...oneIpvsDirector(spec), director: { kind: 'ldirectord', healthCheck: asking } };
  },
  firstServers(3),
  services(
    { port: ports.tcp },
    { port: ports.http, healthCheck: negotiate },
    { port: ports.quiesced, healthCheck: negotiate, inhibitOnFailure: true },
    { port: ports.sorry },
  ),
  withSorry(ports.sorry),
);

/** At most what one check costs ldirectord where it is answered at once: Perl, on a kernel that is slow at it. */
const checkCostMs = 750;

/**
 * ldirectord(8): every real server is checked in turn, then it sleeps for checkinterval; failurecount failures in a
 * row are one too many. A real server may fail just after it was asked.
 */
function limitMs({ services: all }: LabSpec): number {
  const checks = all.reduce((sum, service) => sum + service.realServers.length, 0);
  return (asking.retries + 2) * (asking.intervalMs + checks * checkCostMs);
}

interface Ldirectord {
  server: string;
  /** While the real server answered health checks with 500. */
  wrong: { connecting: Weights; negotiating: Weights; quiescent: Weights; tookMs: number | null };
  /** While the services of the first two real servers were dead. */
  dead: { connecting: Weights; withFallback: Weights; clients: string[]; tookMs: number | null };
  fallback: string;
  /** When everything answered again. */
  back: Weights;
}

/** ldirectord(8): checktype, quiescent, fallback, checkinterval, failurecount. */
export const ldirectordChecks = check<Ldirectord>({
  id: 'HC-11',
  suite: 'failover',
  level: 'should',
  title: 'ldirectord removes, quiesces and falls back as configured, and in time',
  requirement:
    'A negotiate check sees wrong answers and a connect check a dead service, both after failurecount rounds; quiescent leaves weight 0, and without real servers the fallback serves.',
  source: 'ldirectord(8): checktype, service, checkinterval, failurecount, quiescent, fallback',
  needs: ['ipvs', 'healthChecks', 'answerFault', 'serviceFault', 'severalRealServers'],
  stage: byLdirectord,
  mutants: [
    {
      id: 'connects-only',
      breaks: 'checktype is connect where it should be negotiate',
      change: onService(ports.http, { healthCheck: asking }),
      reason: /wrong answers: .*negotiate rs1 1/,
    },
    {
      id: 'not-quiescent',
      breaks: 'quiescent is no',
      change: onService(ports.quiesced, { inhibitOnFailure: false }),
      reason: /quiescent rs2 1 and rs3 1/,
    },
    {
      id: 'no-fallback',
      breaks: 'the service has no fallback',
      change: (spec) => {
        const changed = structuredClone(spec);
        for (const service of changed.services) delete service.sorryServer;
        return changed;
      },
      reason: /with a fallback none/,
    },
  ],
  async observe({ lab, evidence, note }) {
    const { victim, director, prober, weights, whenSo, allBack } = await watch(lab);
    const withinMs = limitMs(lab.spec) + 2_000;
    const gone = (all: Weights) => !((all[victim] ?? 0) > 0);
    note(`${victim} answers health checks with 500`);
    const fault = await lab.faults.start({
      kind: 'errorAnswers',
      host: victim,
      status: 500,
      requesters: 'directors',
    });
    const fallback = serviceAt(lab.spec, ports.sorry).sorryServer ?? '';
    let wrong: Ldirectord['wrong'];
    try {
      const at = await whenSo(ports.http, `${victim} gone`, gone, withinMs);
      await whenSo(ports.quiesced, `${victim} quiesced`, gone, withinMs);
      wrong = {
        connecting: await weights(ports.tcp),
        negotiating: await weights(ports.http),
        quiescent: await weights(ports.quiesced),
        tookMs: at === null ? null : Math.round(at - fault.applied.toMs),
      };
      await evidence.save('ipvs-wrong.txt', await ipvs.text(director));
    } finally {
      await fault.revert();
    }
    await allBack(withinMs);
    const dying = serviceAt(lab.spec, ports.sorry).realServers.map(({ name }) => name);
    note(`killing the services of ${list(dying)}`);
    let dead: Ldirectord['dead'];
    try {
      for (const server of dying) await lab.faults.killService(server);
      const sinceMs = nowMs();
      const at = await whenSo(
        ports.sorry,
        'only a fallback',
        // The last real server goes a moment before the fallback comes.
        (all) => dying.every((server) => !(server in all)) && (fallback === '' || fallback in all),
        withinMs,
      );
      await whenSo(ports.tcp, `${victim} gone`, gone, withinMs);
      const answers = await prober.requests(targetOf(serviceAt(lab.spec, ports.sorry)), {
        count: 3,
        parallel: 3,
        timeoutMs: 1_500,
      });
      dead = {
        connecting: await weights(ports.tcp),
        withFallback: await weights(ports.sorry),
        clients: answers.map(({ server, error }) => server ?? error ?? 'no answer'),
        tookMs: at === null ? null : Math.round(at - sinceMs),
      };
      await evidence.save('ipvs-dead.txt', await ipvs.text(director));
    } finally {
      for (const server of dying) await lab.faults.restartService(server);
    }
    await allBack(withinMs);
    return { server: victim, wrong, dead, fallback, back: await weights(ports.sorry) };
  },
  judge({ server, wrong, dead, fallback, back }, { spec }) {
    const limit = limitMs(spec);
    const expected = `within ${limit} ms: wrong answers take ${server} out where ldirectord negotiates, and leave it weight 0 where quiescent; dead services leave ${fallback || 'a fallback'} alone, which serves`;
    const seen = [
      `wrong answers: connect ${weightsText(wrong.connecting)}, negotiate ${weightsText(wrong.negotiating)} (${wrong.tookMs ?? 'never'} ms), quiescent ${weightsText(wrong.quiescent)}`,
      `dead: connect ${weightsText(dead.connecting)}, with a fallback ${weightsText(dead.withFallback)} (${dead.tookMs ?? 'never'} ms), clients got ${list(dead.clients)}`,
      `then ${weightsText(back)}`,
    ].join('; ');
    const figures = [
      { name: 'wrong answer to removal', value: wrong.tookMs, unit: 'ms', better: 'lower' as const },
      { name: 'death to fallback', value: dead.tookMs, unit: 'ms', better: 'lower' as const },
    ].flatMap((figure) => (figure.value === null ? [] : [{ ...figure, value: figure.value }]));
    const right =
      (wrong.connecting[server] ?? 0) > 0 &&
      !(server in wrong.negotiating) &&
      wrong.quiescent[server] === 0 &&
      !(server in dead.connecting) &&
      fallback !== '' &&
      Object.keys(dead.withFallback).join() === fallback &&
      dead.clients.every((one) => one === fallback);
    if (
      right &&
      wrong.tookMs !== null &&
      wrong.tookMs <= limit &&
      dead.tookMs !== null &&
      dead.tookMs <= limit
    )
      return pass(expected, seen, { figures });
    return fail(expected, seen, {
      cause: 'ldirectord checks something else or less often, or removes differently than configured',
      remedy: advice(
        'see checktype, service, quiescent, fallback, checkinterval and failurecount in ldirectord.cf; read its log',
      ),
      figures,
    });
  },
});
