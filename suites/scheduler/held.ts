import type { Check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec, ServiceSpec } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { inconclusive } from '../common/judging.ts';
import { exactly, meantServers, show } from './judging.ts';
import { all, prober, type Start, startOf } from './observing.ts';
import { type Choose, replay } from './oracle/server.ts';
import { ownBench, scheduledWith, schedulers, type TriedService, triedService } from './stage.ts';

/** Connections that are opened one after the other and all kept: who got each. */
export interface Held {
  start: Start;
  seen: string[];
  /** When all are open. */
  end?: Start;
}

export const needs: Check['needs'] = ['director', 'ipvs', 'settableDirector', 'directClient'];

export async function holdAt(lab: Lab, bench: TriedService, count: number): Promise<Held> {
  const service = triedService(lab.spec, bench);
  const start = await startOf(lab, service);
  const held = await (await prober(lab)).hold(
    { ip: service.vip, port: service.port },
    { count: countFor(service, count) },
  );
  try {
    return { start, seen: all(held.answers), end: await startOf(lab, service) };
  } finally {
    await held.close();
  }
}

const mostHeld = 300;

/** Three for each real server, where there are more than a stage has. */
const countFor = ({ realServers }: ServiceSpec, count: number): number =>
  Math.min(Math.max(count, 3 * realServers.length), mostHeld);

const entriesOf = ({ servers }: Start): number =>
  servers.reduce((sum, { active, inactive }) => sum + active + inactive, 0);

/** @param choose a fresh oracle. */
export function judgeHeld({ start, seen, end }: Held, spec: LabSpec, bench: TriedService, choose: Choose) {
  const service = triedService(spec, bench);
  const { names } = replay(choose, meantServers(service, start), seen.length);
  const judgement = exactly(seen, names, { spec, service, start });
  const answered = seen.filter((name) => service.realServers.some((one) => one.name === name)).length;
  const other = end === undefined ? 0 : entriesOf(end) - entriesOf(start) - answered;
  if (judgement.verdict !== 'fail' || other === 0 || start.scheduler !== service.scheduler) return judgement;
  return inconclusive(
    judgement.expected,
    other > 0
      ? `other connections were opened meanwhile, ${other} beside these: ${show(seen)}`
      : `entries left the table meanwhile, ${-other} in all: ${show(seen)}`,
  );
}

/** Mutant: somebody took another scheduler. */
export const mistaken = (bench: TriedService, scheduler: string) => ({
  id: `scheduler-${scheduler}`,
  breaks: `the service uses ${scheduler} instead`,
  change: scheduledWith(bench, scheduler),
  reason: new RegExp(`went .*with ${scheduler}, not with`),
});

interface Sketch extends Pick<Check, 'id' | 'level' | 'title' | 'requirement' | 'source' | 'mutants'> {
  bench: TriedService;
  count: number;
  choose: () => Choose;
  /** What earlier connections left decides, which nobody can read: it is judged in its stage alone. */
  remembers?: true;
}

/** A check that holds `count` connections and compares each with the oracle. */
export const heldInOrder = ({ bench, count, choose, remembers, ...words }: Sketch): Check =>
  functional<Held>({
    ...words,
    suite: 'scheduler',
    needs,
    stage: schedulers,
    ...(!remembers && { own: ownBench(bench) }),
    observe: ({ lab }) => holdAt(lab, bench, count),
    judge: (held, { spec }) => judgeHeld(held, spec, bench, choose()),
  });
