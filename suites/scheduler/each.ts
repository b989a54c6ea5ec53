import type { Lab } from '../../src/model/lab.ts';
import type { ServiceSpec } from '../../src/model/spec.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { list } from '../common/subjects.ts';
import { all, director, needScheduler, prober, serversOf } from './observing.ts';
import type { Server } from './oracle/server.ts';
import { everyScheduler, type generic, genericOf, type SchedulerName } from './stage.ts';

/** What every scheduler does alike, tried with each on a service of its own. */

/** Who answered, by scheduler; those that the kernel lacks are left out. */
export interface Each<T> {
  lacking: string[];
  seen: (T & { scheduler: SchedulerName })[];
}

/** Runs `look` on the services of one purpose, of all schedulers at once. */
export async function onEach<T>(
  lab: Lab,
  purpose: keyof typeof generic,
  look: (service: ServiceSpec, servers: Server[]) => Promise<T>,
): Promise<Each<T>> {
  const services = everyScheduler.map((scheduler) => genericOf(lab.spec, purpose, scheduler));
  const tables = await ipvs.tables(director(lab), services);
  const lacking: string[] = [];
  for (const [i, service] of services.entries())
    if (tables[i]?.scheduler !== service.scheduler && !(await has(lab, service)))
      lacking.push(service.scheduler);
  const there = services.filter(({ scheduler }) => !lacking.includes(scheduler));
  const seen = await Promise.all(
    there.map(async (service) => ({
      scheduler: service.scheduler as SchedulerName,
      ...(await look(service, serversOf(lab.spec, tables[services.indexOf(service)]))),
    })),
  );
  return { lacking, seen };
}

async function has(lab: Lab, service: ServiceSpec): Promise<boolean> {
  try {
    await needScheduler(lab, service);
    return true;
  } catch (error) {
    if (error instanceof CannotHere) return false;
    throw error;
  }
}

export const without = (lacking: string[]): string =>
  lacking.length > 0 ? ` (not in this kernel: ${list(lacking)})` : '';

export const requests = async (lab: Lab, { vip, port }: ServiceSpec, count: number, timeoutMs = 2_000) =>
  all(await (await prober(lab)).requests({ ip: vip, port }, { count, timeoutMs }));

/** These hash, and have no flag to fall back: whose server is not available is refused. */
export const hashing: string[] = ['dh', 'sh', 'mh'];
