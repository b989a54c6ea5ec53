import type { Impairment } from '../spec.ts';
import type { PlannedHost } from './plan.ts';
import type { Problems } from './problems.ts';
import { duration, percentage, rate } from './quantities.ts';
import type { RawLink } from './schema-parts.ts';

export function resolveLink(host: PlannedHost, problems: Problems): Impairment | undefined {
  const link = host.link;
  if (!link) return undefined;
  if (link.jitter !== undefined && !link.delay) {
    problems.add(
      [...host.path, 'link', 'jitter'],
      '«jitter» varies a delay and there is none; add «delay», such as 2ms.',
    );
  }
  return impairment(link);
}

const impairment = (link: RawLink): Impairment => ({
  delayUs: duration.read(link.delay ?? 0),
  jitterUs: duration.read(link.jitter ?? 0),
  lossPercent: percentage.read(link.loss ?? 0),
  rateBitPerS: rate.read(link.rate ?? 0),
});
