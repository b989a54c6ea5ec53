import { type Check, check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec, ServiceSpec } from '../../src/model/spec.ts';
import { withBorrowedAddresses } from '../common/borrowed.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { clientAddresses, inStage } from '../common/stages.ts';
import { clientOf } from '../common/subjects.ts';
import { forgetting, portOf, sceneOf, serversIn, tables } from '../common/tables.ts';
import { ownQuiescing, stickyService } from './sticking.ts';

interface Quiesced {
  quiesced: string;
  client: string;
  /** Where its next connections went. */
  next: { server?: string; error?: string }[];
  other: string;
  others: { server?: string; error?: string }[];
}

const requests = 3;

const about: Omit<Check<Quiesced>, 'requirement' | 'mutants' | 'judge' | 'stage' | 'title'> = {
  id: 'PST-04',
  suite: 'persistence',
  level: 'must',
  source: 'ipvs-sysctl.rst (expire_quiescent_template); Linux ip_vs_check_template()',
  needs: ['ipvs', 'director', 'directClient', 'severalRealServers'],
  async observe({ lab }) {
    const service = stickyService(lab.spec, portOf.quiesced);
    if (lab.spec.stage !== undefined) return quiesce(lab, service, clientAddresses(lab.spec));
    const own = clientOf(lab.spec).ip;
    return withBorrowedAddresses(lab, 1, (borrowed) => quiesce(lab, service, [own, ...borrowed]));
  },
};

async function quiesce(
  lab: Lab,
  service: ServiceSpec,
  [client = '', other = '']: string[],
): Promise<Quiesced> {
  const { prober, target, setWeight } = await sceneOf(lab, service);
  const [first] = await prober.requests(target, { count: 1, from: [client] });
  const quiesced = first?.server ?? '';
  if (quiesced === '') return { quiesced, client, next: [], other, others: [] };
  await setWeight(quiesced, 0);
  try {
    const next = await prober.requests(target, { count: requests, from: [client], parallel: requests });
    const others = await prober.requests(target, {
      count: requests,
      from: [other],
      parallel: requests,
    });
    return { quiesced, client, next, other, others };
  } finally {
    await setWeight(quiesced, service.realServers.find(({ name }) => name === quiesced)?.weight ?? 1);
  }
}

/** By default a template outlives the weight of its real server. */
export const templatedClientsStay = functional<Quiesced>({
  ...about,
  title: 'a known client of a quiesced real server stays with it',
  requirement:
    'With expire_quiescent_template=0 a client that has a template still reaches its real server of weight 0; others do not.',
  stage: tables,
  own: ownQuiescing(false),
  mutants: [
    {
      id: 'templates-expire',
      breaks: 'expire_quiescent_template=1 on the director',
      change: sysctls('director', { 'net.ipv4.vs.expire_quiescent_template': '1' }),
      reason: /known client .* was moved to rs/,
    },
  ],
  judge: ({ quiesced, client, next, other, others }, { spec }) => {
    const expected = `${client} stays on ${quiesced}, ${other} goes elsewhere`;
    if (quiesced === '') return inconclusive(expected, 'no connection was answered');
    const seen = `${client} on ${serversIn(next)}, ${other} on ${serversIn(others)}`;
    if (next.some((one) => one.server !== quiesced))
      return fail(expected, `the known client ${client} was moved to ${serversIn(next)}`, {
        cause: 'templates of quiesced real servers expire at once',
        remedy: on(everyHost(spec, 'director'), 'sysctl -w net.ipv4.vs.expire_quiescent_template=0'),
      });
    return judgeOthers(spec, expected, seen, quiesced, others);
  },
});

/** What health checkers that quiesce need: without it known clients stay with a dead real server. */
export const templatedClientsMove: Check = {
  ...inStage(
    forgetting,
    check<Quiesced>({
      ...about,
      title: 'a known client of a quiesced real server moves at once where it should',
      requirement:
        'With expire_quiescent_template=1 a client is scheduled again as soon as its real server has weight 0.',
      mutants: [
        {
          id: 'templates-stay',
          breaks: 'expire_quiescent_template was left at 0, as health checkers that quiesce must not',
          change: sysctls('director', { 'net.ipv4.vs.expire_quiescent_template': '0' }),
          reason: /known client .* still goes to the quiesced rs/,
        },
      ],
      judge: ({ quiesced, client, next, other, others }, { spec }) => {
        const expected = `${client} and ${other} go to servers other than ${quiesced}`;
        if (quiesced === '') return inconclusive(expected, 'no connection was answered');
        const seen = `${client} on ${serversIn(next)}, ${other} on ${serversIn(others)}`;
        if (next.some((one) => one.server === quiesced))
          return fail(expected, `the known client ${client} still goes to the quiesced ${quiesced}`, {
            cause: 'its template outlives the weight',
            remedy: on(everyHost(spec, 'director'), 'sysctl -w net.ipv4.vs.expire_quiescent_template=1'),
          });
        return judgeOthers(spec, expected, seen, quiesced, [...next, ...others]);
      },
    }),
  ),
  own: ownQuiescing(true),
};

function judgeOthers(
  spec: LabSpec,
  expected: string,
  seen: string,
  quiesced: string,
  others: Quiesced['others'],
) {
  if (others.every((one) => one.server !== undefined && one.server !== quiesced)) return pass(expected, seen);
  return fail(expected, seen, {
    cause: `new clients are not served, or reach ${quiesced} despite its weight of 0`,
    remedy: on(everyHost(spec, 'director'), 'ipvsadm -Ln'),
  });
}
