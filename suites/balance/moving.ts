import { destinationOf, entryOf } from '../../src/model/ipvs-words.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { Figure } from '../../src/model/measurement.ts';
import type { ServiceSpec } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { inconclusive, pass } from '../common/judging.ts';
import { needs } from '../scheduler/held.ts';
import { director, fromEach } from '../scheduler/observing.ts';
import { schedulers, triedService } from '../scheduler/stage.ts';
import { type Balancing, balanced, withEach, without } from './services.ts';

interface Moved {
  done: { scheduler: Balancing; left: string; before: string[]; without: string[]; again: string[] }[];
  lacking: string[];
}

const compared: readonly Balancing[] = ['rr', 'sh', 'mh'];
const addresses = 60;

/** The last real server leaves the service and joins it again, as keepalived does it; each time all addresses ask. */
async function leaveAndJoin(lab: Lab, service: ServiceSpec) {
  const left = service.realServers.at(-1)?.name ?? '';
  const edit = (command: string) =>
    director(lab).exec(`ipvsadm ${command} ${entryOf(service)} ${destinationOf(lab.spec, service, left)}`);
  const ask = async () => (await fromEach(lab, service, addresses)).map(({ to }) => to);
  const before = await ask();
  await edit('-d');
  let gone = true;
  const joinAgain = async () => {
    if (gone)
      await director(lab).exec(
        `ipvsadm -a ${entryOf(service)} ${destinationOf(lab.spec, service, left)} -g -w 1`,
      );
    gone = false;
  };
  try {
    const without = await ask();
    await joinAgain();
    return { left, before, without, again: await ask() };
  } finally {
    await joinAgain();
  }
}

/** What caches, sessions and connections without state synchronisation pay for a change of the table. */
export const flowsThatMove = functional<Moved>({
  id: 'BAL-03',
  suite: 'balance',
  level: 'measure',
  title: 'how many sources move when a real server leaves or joins, with rr, sh and mh',
  requirement:
    'Figures: of the sources whose real server stayed, the share that got another one; and the share that is back afterwards.',
  source: 'Eisenbud and others, «Maglev», NSDI 2016, 5.3; Linux ip_vs_mh.c, ip_vs_sh.c',
  needs,
  stage: schedulers,
  mutants: [],
  observe: ({ lab, note }) =>
    withEach(lab, compared, async (service, scheduler) => {
      note(scheduler);
      return { scheduler, ...(await leaveAndJoin(lab, service)) };
    }),
  judge({ done, lacking }, { spec }) {
    const expected = `${addresses} answers before, without the real server, and with it again`;
    if (done.length === 0) return inconclusive(expected, `nothing was measured${without(lacking)}`);
    const unanswered = done.find((one) => {
      const names = new Set(triedService(spec, balanced[one.scheduler]).realServers.map(({ name }) => name));
      return [one.before, one.without, one.again].some(
        (answers) => answers.length < addresses || !answers.every((name) => names.has(name)),
      );
    });
    if (unanswered)
      return inconclusive(expected, `not every connection was answered with ${unanswered.scheduler}`);
    const still = done.find((one) => one.without.includes(one.left));
    if (still) return inconclusive(expected, `${still.left} was still asked with ${still.scheduler}`);
    const rows = done.map((one) => ({ scheduler: one.scheduler, ...movedIn(one) }));
    const figures = rows.flatMap(({ scheduler, stayed, needlessly, back }): Figure[] => [
      {
        name: `moved without need when one of three left, ${scheduler}`,
        value: needlessly / stayed,
        unit: '1',
        samples: stayed,
        better: 'lower',
      },
      {
        name: `back when it joined again, ${scheduler}`,
        value: back / addresses,
        unit: '1',
        samples: addresses,
        better: 'higher',
      },
    ]);
    const seen = rows.map(
      ({ scheduler, stayed, needlessly, back }) =>
        `${scheduler}: ${needlessly} of ${stayed} moved without need, ${back} of ${addresses} were back`,
    );
    return pass(expected, `${seen.join('; ')}${without(lacking)}`, {
      figures,
      charts: [
        {
          kind: 'bars',
          title: 'sources that moved though their real server stayed',
          unit: '1',
          bars: rows.map(({ scheduler, stayed, needlessly }) => ({
            name: scheduler,
            value: needlessly / stayed,
          })),
        },
      ],
    });
  },
});

/** Pure. Those whose real server left had to move. */
export function movedIn(one: { left: string; before: string[]; without: string[]; again: string[] }) {
  const stayed = one.before.flatMap((name, i) => (name === one.left ? [] : i));
  return {
    stayed: stayed.length,
    needlessly: stayed.filter((i) => one.without[i] !== one.before[i]).length,
    back: one.before.filter((name, i) => one.again[i] === name).length,
  };
}
