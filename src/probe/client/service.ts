import { randomFrom } from '../../statistics/random.ts';
import type { ServiceTime, StreamPlan } from './types.ts';

/** What probe after probe asks for; the same plan asks for the same in the same order. */
export function pathsOf(plan: Pick<StreamPlan, 'name' | 'path' | 'service' | 'seed'>): () => string {
  const { path = '/', service } = plan;
  const paths = typeof path === 'string' ? [path] : path;
  const random = randomFrom(plan.seed ?? 0, `service of ${plan.name}`);
  let next = 0;
  return () => {
    const chosen = paths[next++ % paths.length] ?? '/';
    if (!service) return chosen;
    // Whole milliseconds, since no timer of the server is finer.
    const delay = `delay=${Math.round(serviceMs(service, random.unit()))}`;
    return `${chosen}${chosen.includes('?') ? '&' : '?'}${delay}`;
  };
}

/**
 * One draw, by inversion. Pareto, cut off at `mostMs`: Harchol-Balter, Crovella and Murta, «On Choosing a Task Assignment
 * Policy for a Distributed Server System», JPDC 59 (1999), use it for the sizes of web requests.
 * @param unit from 0 up to but not including 1
 */
export function serviceMs(service: ServiceTime, unit: number): number {
  if (service.kind === 'exponential') return -Math.log(1 - unit) * service.meanMs;
  const { leastMs, mostMs, shape } = service;
  return leastMs * (1 - unit * (1 - (leastMs / mostMs) ** shape)) ** (-1 / shape);
}
