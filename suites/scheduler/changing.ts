import { destinationOf, entryOf } from '../../src/model/ipvs-words.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, everyHost, on } from '../common/remedy.ts';
import { count, list } from '../common/subjects.ts';
import { mistaken, needs } from './held.ts';
import { exactly, show, worst } from './judging.ts';
import { all, director, prober, type Start, startOf } from './observing.ts';
import { nextInTurn } from './oracle/rotation.ts';
import { schedulers, triedService } from './stage.ts';

/** What a change of the rules does to connections that are open, and to the order. */

interface Edited {
  start: Start;
  first: string[];
  /** What the service was scheduled with in between. */
  between: string;
  /** Answers on the connections of before: with the other scheduler, and with the first one again. */
  then: string[];
  back: string[];
}

/**
 * Linux ip_vs_edit_service(): it swaps the scheduler and touches no entry. No mutant: what could go wrong is in the
 * kernel, since the check edits the service itself.
 */
export const schedulerChanges = functional<Edited>({
  id: 'SCH-22',
  suite: 'scheduler',
  level: 'should',
  title: 'another scheduler on a live service leaves its connections alone',
  requirement: 'Connections that are open when the scheduler is changed go on with their servers.',
  source: 'Linux ip_vs_edit_service(); ipvsadm(8) --edit-service',
  needs,
  stage: schedulers,
  mutants: [],
  async observe({ lab }) {
    const service = triedService(lab.spec, 'edited');
    const start = await startOf(lab, service);
    const held = await (await prober(lab)).hold({ ip: service.vip, port: service.port }, { count: 6 });
    const schedule = (scheduler: string) =>
      director(lab).exec(`ipvsadm -E ${entryOf(service)} -s ${scheduler}`);
    try {
      await schedule('lc');
      const { scheduler } = await startOf(lab, { ...service, scheduler: 'lc' });
      const then = all(await held.ask());
      await schedule(service.scheduler);
      const back = all(await held.ask());
      return { start, first: all(held.answers), between: scheduler, then, back };
    } finally {
      await schedule(service.scheduler);
      await held.close();
    }
  },
  judge({ start, first, between, then, back }, { spec }) {
    const expected = `${count(first.length, 'connection')} answered by the servers that they had`;
    const servers = new Set(start.servers.map(({ name }) => name));
    if (first.length === 0 || first.some((name) => !servers.has(name)))
      return inconclusive(expected, `not every connection was opened: ${show(first)}`);
    if (between !== 'lc') return inconclusive(expected, `the scheduler stayed ${between}`);
    const wrong = first.filter((name, i) => then[i] !== name || back[i] !== name).length;
    if (wrong === 0) return pass(expected, `all ${first.length}, with lc and with rr again`);
    return fail(expected, `${wrong} of ${first.length} were answered by ${list([...then, ...back])}`, {
      cause: 'the service was removed and added again instead of edited, or its entries were lost',
      remedy: advice(
        `change a scheduler with ipvsadm -E ${entryOf(triedService(spec, 'edited'))}, not with -D and -A, which take its entries away`,
      ),
    });
  },
});

interface Phase {
  /** Names in the kernel's order. */
  order: string[];
  seen: string[];
}
interface Changed {
  start: Start;
  phases: Phase[];
  /** Who answered on held connections at first, and after everything. */
  held: string[];
  again: string[];
}

export const serversComeAndGo = functional<Changed>({
  id: 'SCH-23',
  suite: 'scheduler',
  level: 'should',
  title: 'servers that are removed and added in mid-run cost no connection and no turn',
  requirement:
    'rr continues where it was when a server leaves, and visits one that is added in its next round; connections that are open survive both.',
  source: 'Linux ip_vs_rr.c (ip_vs_rr_del_dest), ip_vs_trash_get_dest(); ipvsadm(8)',
  needs,
  stage: schedulers,
  mutants: [mistaken('changing', 'sh')],
  async observe({ lab }) {
    const service = triedService(lab.spec, 'changing');
    const target = { ip: service.vip, port: service.port };
    const client = await prober(lab);
    const host = director(lab);
    const start = await startOf(lab, service);
    const held = await client.hold(target, { count: 3 });
    const phases: Phase[] = [];
    const look = async (before: string[] = []) => {
      const { servers } = await startOf(lab, service);
      const answers = await client.requests(target, { count: 5 });
      phases.push({ order: servers.map(({ name }) => name), seen: [...before, ...all(answers)] });
    };
    const [, leaving] = start.servers;
    const server = `${entryOf(service)} ${destinationOf(lab.spec, service, leaving?.name ?? '')}`;
    try {
      await look(all(held.answers));
      await host.exec(`ipvsadm -d ${server}`);
      try {
        await look();
      } finally {
        await host.exec(`ipvsadm -a ${server} -g -w ${leaving?.weight}`);
      }
      await look();
      return { start, phases, held: all(held.answers), again: all(await held.ask()) };
    } finally {
      await held.close();
    }
  },
  judge({ start, phases, held, again }, { spec }) {
    const service = triedService(spec, 'changing');
    const should: string[] = [];
    for (const [i, { order, seen }] of phases.entries()) {
      let next = i === 0 ? seen[0] : nextInTurn(should.at(-1) ?? '', phases[i - 1]?.order ?? [], order);
      for (const _ of seen) {
        should.push(next ?? '');
        next = nextInTurn(next ?? '', order, order);
      }
    }
    const lost = held.filter((name, i) => again[i] !== name).length;
    const expected = `${count(held.length, 'held connection')} answered as before`;
    return worst(
      exactly(
        phases.flatMap(({ seen }) => seen),
        should,
        { spec, service, start },
      ),
      lost === 0
        ? held.length === 0
          ? inconclusive(expected, 'no connection was held')
          : pass(expected, 'they were')
        : fail(expected, `${lost} of ${held.length} were lost: ${show(again)}`, {
            cause: 'entries did not survive the removal of their server',
            remedy: [
              ...on(everyHost(spec, 'director'), 'sysctl -w net.ipv4.vs.expire_nodest_conn=0'),
              ...advice('give a real server the weight 0 (ipvsadm -e) before it is taken out (ipvsadm -d)'),
            ],
          }),
    );
  },
});
