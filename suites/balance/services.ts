import type { Lab } from '../../src/model/lab.ts';
import type { ServiceSpec } from '../../src/model/spec.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { needScheduler } from '../scheduler/observing.ts';
import { ownBench, type TriedService, triedService } from '../scheduler/stage.ts';

/*
 *   client with 65 addresses ──▶ director, a service for each scheduler ──▶ rs1  rs2  rs3
 *
 * rr and sh give all real servers the same, wrr by the weights 1, 2 and 3.
 */
export const balanced = {
  rr: 'balanceRr',
  wrr: 'balanceWrr',
  sh: 'balanceSh',
  mh: 'balanceMh',
} as const satisfies Record<string, TriedService>;
export type Balancing = keyof typeof balanced;

/** Does something with the service of each scheduler; those that the kernel lacks are left out, and named. */
export async function withEach<T>(
  lab: Lab,
  schedulers: readonly Balancing[],
  what: (service: ServiceSpec, scheduler: Balancing) => Promise<T>,
): Promise<{ done: T[]; lacking: string[] }> {
  const done: T[] = [];
  const lacking: string[] = [];
  for (const scheduler of schedulers) {
    if (lab.spec.stage === undefined && !ownBench(balanced[scheduler]).has(lab.spec)) continue;
    const service = triedService(lab.spec, balanced[scheduler]);
    try {
      if (lab.spec.stage !== undefined) await needScheduler(lab, service);
    } catch (error) {
      if (!(error instanceof CannotHere)) throw error;
      lacking.push(scheduler);
      continue;
    }
    done.push(await what(service, scheduler));
  }
  return { done, lacking };
}

export const without = (lacking: readonly string[]): string =>
  lacking.length === 0 ? '' : `; the kernel has no ${lacking.join(', ')}`;
