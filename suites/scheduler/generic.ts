import { destinationOf, entryOf } from '../../src/model/ipvs-words.ts';
import type { ServiceSpec } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { advice, on, or } from '../common/remedy.ts';
import { type Each, hashing, onEach, requests, without } from './each.ts';
import { needs } from './held.ts';
import { isLost, show } from './judging.ts';
import { director } from './observing.ts';
import { refused } from './oracle/server.ts';
import { directorOf, genericOf, schedulers } from './stage.ts';

interface Quiesced {
  /** Who answered first, and was quiesced then. */
  first: string;
  seen: string[];
}

/** ipvsadm(8): weight 0 «will receive no new jobs». */
export const noneToWeightZero = functional<Each<Quiesced>>({
  id: 'SCH-G1',
  suite: 'scheduler',
  level: 'must',
  title: 'no scheduler gives a new connection to a server of weight 0',
  requirement:
    'After its weight is set to 0 the server that a client had gets no new connection of that client. Hashing schedulers refuse it, all others serve it elsewhere.',
  source: 'ipvsadm(8) --weight; Linux ip_vs_*.c',
  needs,
  stage: schedulers,
  mutants: [
    {
      id: 'persistent',
      breaks: 'a service is persistent, so a known client still gets the quiesced server',
      change: onDirectors((spec) => `ipvsadm -E ${entryOf(genericOf(spec, 'quiescing', 'rr'))} -s rr -p 300`),
      reason: /rr: .* quiesced .*persistent/,
    },
  ],
  async observe({ lab }) {
    const firsts = new Map<string, string>();
    const first = await onEach(lab, 'quiescing', async (service) => {
      const [name = ''] = await requests(lab, service, 1);
      firsts.set(service.scheduler, name);
      return { name };
    });
    const answered = first.seen.filter(({ name }) => lab.spec.hosts.some((host) => host.name === name));
    const edits = (weight: (service: ServiceSpec, name: string) => number) =>
      answered.map(({ scheduler, name }) => {
        const service = genericOf(lab.spec, 'quiescing', scheduler);
        return `-e ${entryOf(service)} ${destinationOf(lab.spec, service, name)} -g -w ${weight(service, name)}\n`;
      });
    const apply = (lines: string[]) => director(lab).exec('ipvsadm -R', { input: lines.join('') });
    await apply(edits(() => 0));
    try {
      const seen = await Promise.all(
        first.seen.map(async ({ scheduler, name }) => {
          const service = genericOf(lab.spec, 'quiescing', scheduler);
          return { scheduler, first: name, seen: await requests(lab, service, 4) };
        }),
      );
      return { lacking: first.lacking, seen };
    } finally {
      await apply(
        edits(({ realServers }, name) => realServers.find((one) => one.name === name)?.weight ?? 1),
      );
    }
  },
  judge({ lacking, seen }, { spec }) {
    const expected = `of ${seen.length} schedulers none uses the server of weight 0${without(lacking)}`;
    const servers = new Set(genericOf(spec, 'quiescing', 'rr').realServers.map(({ name }) => name));
    const lost = seen.find(({ first }) => !servers.has(first));
    if (seen.length === 0) return inconclusive(expected, 'no scheduler is there');
    if (lost)
      return inconclusive(
        expected,
        `${lost.scheduler}: the first connection was not answered: ${lost.first}`,
      );
    const host = directorOf(spec);
    const text = (one: (typeof seen)[number]) =>
      `${one.scheduler}: ${one.first} was quiesced, then ${show(one.seen)}`;
    const used = seen.find(({ first, seen: then }) => then.includes(first));
    if (used)
      return fail(expected, `${used.scheduler}: the quiesced ${used.first} answered: ${show(used.seen)}`, {
        cause: `the service on ${host} is persistent: templates outlive the weight`,
        remedy: [
          ...on(host, 'sysctl -w net.ipv4.vs.expire_quiescent_template=1'),
          ...or(advice('a service without persistence')),
        ],
      });
    const odd = seen.find(({ scheduler, seen: then }) =>
      then.some(
        (name) =>
          !isLost(name, spec) && (hashing.includes(scheduler) ? name !== refused : !servers.has(name)),
      ),
    );
    const unanswered = seen.find(
      ({ seen: then }) => then.length === 0 || then.some((name) => isLost(name, spec)),
    );
    if (odd)
      return fail(expected, text(odd), {
        cause: `${host} schedules port ${genericOf(spec, 'quiescing', odd.scheduler).port} otherwise`,
        remedy: on(
          host,
          `ipvsadm -E ${entryOf(genericOf(spec, 'quiescing', odd.scheduler))} -s ${odd.scheduler}`,
        ),
      });
    if (unanswered) return inconclusive(expected, `not every connection was answered; ${text(unanswered)}`);
    return pass(expected, seen.map(text).join('; '));
  },
});
