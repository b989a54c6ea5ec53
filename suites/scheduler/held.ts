import type { Check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { exactly, meantServers } from './judging.ts';
import { all, prober, type Start, startOf } from './observing.ts';
import { type Choose, replay } from './oracle/server.ts';
import { scheduledWith, schedulers, type TriedService, triedService } from './stage.ts';

/** Connections that are opened one after the other and all kept: who got each. */
export interface Held {
  start: Start;
  seen: string[];
}

export const needs: Check['needs'] = ['director', 'ipvs', 'settableDirector', 'directClient'];

export async function holdAt(lab: Lab, bench: TriedService, count: number): Promise<Held> {
  const service = triedService(lab.spec, bench);
  const start = await startOf(lab, service);
  const held = await (await prober(lab)).hold({ ip: service.vip, port: service.port }, { count });
  await held.close();
  return { start, seen: all(held.answers) };
}

/** @param choose a fresh oracle. */
export function judgeHeld({ start, seen }: Held, spec: LabSpec, bench: TriedService, choose: Choose) {
  const service = triedService(spec, bench);
  const { names } = replay(choose, meantServers(service, start), seen.length);
  return exactly(seen, names, { spec, service, start });
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
}

/** A check that holds `count` connections and compares each with the oracle. */
export const heldInOrder = ({ bench, count, choose, ...words }: Sketch): Check =>
  functional<Held>({
    ...words,
    suite: 'scheduler',
    needs,
    stage: schedulers,
    observe: ({ lab }) => holdAt(lab, bench, count),
    judge: (held, { spec }) => judgeHeld(held, spec, bench, choose()),
  });
