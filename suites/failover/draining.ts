import { check, type Judgement } from '../../src/model/check.ts';
import { destinationOf, entryOf, methodFlag } from '../../src/model/ipvs-words.ts';
import type { ProbePoint } from '../../src/model/measurement.ts';
import type { RemedyStep } from '../../src/model/remedy.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { everyHost, on } from '../common/remedy.ts';
import { firstServers, oneIpvsDirector, services, stage } from '../common/stages.ts';
import { clientOf, count, serviceOf, targetOf } from '../common/subjects.ts';
import { onOwnHosts, onService } from '../common/tables.ts';
import { judgeOutage, type UnderLoad } from './outage/judge.ts';
import { Load, type LoadRecord, momentOf, pause, streamOf } from './outage/load.ts';

/** What a real server has when it serves in full; the others always have it. */
const fullWeight = 4;

export const drained = stage(
  'draining',
  'one director set with ipvsadm; one service with wrr, whose weights are changed by hand',
  onOwnHosts,
  oneIpvsDirector,
  firstServers(3),
  services({ port: 80, scheduler: 'wrr', weights: [fullWeight, fullWeight, fullWeight] }),
);

interface Drained {
  server: string;
  record: LoadRecord;
}

const drain = 'weight 0';
/** As a slow start raises it. */
const steps = [1, 2, fullWeight];
const labelOf = (weight: number): string => `weight ${weight}`;
const stepMs = 2_000;
/** Connections that were planned before a weight changed may be opened after it. */
const marginMs = 200;

/** New connections between two moments, by real server; those that failed are counted apart. */
function between(record: LoadRecord, label: string, untilMs: number) {
  const fromMs = (momentOf(record, label)?.toMs ?? Number.POSITIVE_INFINITY) + marginMs;
  const points = (streamOf(record, 'new connections')?.points ?? []).filter(
    ({ tMs }) => tMs > fromMs && tMs < untilMs - marginMs,
  );
  const of = (server: string) => points.filter((point) => point.server === server).length;
  return { all: points.length, of, lost: points.filter(({ latencyMs }) => latencyMs === null).length };
}

/** ipvsadm(8) --weight: "a server with weight zero will receive no new jobs but still serve its existing jobs". */
export const drainsAndStartsSlowly = check<Drained>({
  id: 'HC-13',
  suite: 'failover',
  level: 'should',
  title: 'a real server is drained and returns with a slow start, and no connection is lost',
  requirement:
    'With weight 0 a real server gets no new connection and keeps existing ones; as its weight is raised in steps, its share follows; no connection is lost at any time.',
  source: 'ipvsadm(8) --weight; Linux ip_vs_wrr.c',
  needs: ['ipvs', 'settableDirector', 'severalRealServers'],
  stage: drained,
  mutants: [
    {
      id: 'unweighted',
      breaks: 'the scheduler knows no weights (rr): a cold real server gets its full share at once',
      change: onService(80, { scheduler: 'rr' }),
      reason: /share does not follow/,
    },
    {
      id: 'persistent',
      breaks: 'the service is persistent: known clients stay with a real server that is drained',
      change: onService(80, { persistenceS: 300 }),
      reason: /still got new connections/,
    },
  ],
  async observe({ lab, note }) {
    const service = serviceOf(lab.spec, 'tcp');
    const director = lab.host(await activeDirector(lab, service.vip));
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    // Who answers first is also who has the client, where the service is persistent.
    const [first] = await prober.requests(targetOf(service), { count: 1 });
    const server = first?.server ?? '';
    const drained = destinationOf(lab.spec, service, server || (service.realServers[0]?.name ?? ''));
    const weigh = (weight: number) =>
      director.exec(
        `exec ipvsadm -e ${entryOf(service)} ${drained} ${methodFlag(service, server)} -w ${weight}`,
      );
    const load = await Load.start(lab);
    for (const weight of [0, ...steps]) {
      note(`${server} gets weight ${weight}`);
      await load.act(labelOf(weight), () => weigh(weight));
      await pause(stepMs);
    }
    return { server, record: await load.stop() };
  },
  judge(observation, { spec }) {
    const { server, record } = observation;
    const expected = `no new connection to ${server} at weight 0, then shares of ${steps.map((w) => `${w}/${w + 2 * fullWeight}`).join(', ')}; none lost, held ones kept`;
    return judgeOutage({
      expected,
      load: server !== '' && streamOf(record, kept) ? record : undefined,
      slackMs: 2 * marginMs,
      title: `${server} is drained, and returns`,
      verdict: (under) => drainage(observation, under, expected, spec),
    });
  },
});

const kept = 'established connections';

function drainage(
  { server, record }: Drained,
  { fresh }: UnderLoad,
  expected: string,
  spec: LabSpec,
): Judgement {
  const directors = everyHost(spec, 'director');
  const labels = [drain, ...steps.map(labelOf)];
  const phases = labels.map((label, i) => {
    const nextMs = momentOf(record, labels[i + 1] ?? '')?.fromMs;
    return { label, ...between(record, label, nextMs ?? Number.POSITIVE_INFINITY) };
  });
  const [empty, ...rising] = phases;
  if (!empty || phases.some(({ all }) => all < 20))
    return inconclusive(expected, 'too few connections between the changes');
  const failedOf = (points: ProbePoint[]) => points.filter(({ latencyMs }) => latencyMs === null).length;
  const lost = failedOf(fresh.points);
  const broken = failedOf(streamOf(record, kept)?.points ?? []);
  const shares = phases.map(({ label, all, of }) => `${of(server)} of ${all} with ${label}`);
  const seen = `${server} got ${shares.join(', ')}; ${count(lost, 'new connection')} lost, ${count(broken, 'request')} on held ones`;
  const verdict = (text: string, cause: string, remedy: RemedyStep[]) =>
    fail(expected, `${text}; ${seen}`, { cause, remedy });
  if (empty.of(server) > 0)
    return verdict(
      `${server} still got new connections`,
      'a client that has a persistence template stays with its real server whatever its weight',
      on(directors, 'sysctl -w net.ipv4.vs.expire_quiescent_template=1', 'ipvsadm -Lnc --persistent-conn'),
    );
  if (lost > 0 || broken > 0)
    return verdict(
      'connections were lost',
      'a drained real server, or one that returns, does not serve',
      on(directors, 'ipvsadm -Lnc'),
    );
  // The rotation of wrr is exact; where it begins is not, so a round of the largest weight is allowed.
  const wrong = rising.filter(({ all, of }, i) => {
    const weight = steps[i] ?? 0;
    return Math.abs(of(server) - (all * weight) / (weight + 2 * fullWeight)) > fullWeight;
  });
  if (wrong.length > 0)
    return verdict(
      'its share does not follow its weight',
      'the scheduler does not go by weights',
      on(directors, `ipvsadm -E ${entryOf(serviceOf(spec, 'tcp'))} -s wrr`),
    );
  return pass(expected, seen);
}
