import type { DirectorSpec, VrrpSpec } from '../spec.ts';
import type { Problems } from './problems.ts';
import { duration } from './quantities.ts';
import type { RawLab } from './schema.ts';

type RawDirectors = Exclude<RawLab['directors'], number>;

/** @param count how many directors the lab has. */
export function resolveDirector(raw: RawLab['directors'], count: number, problems: Problems): DirectorSpec {
  const given: RawDirectors = typeof raw === 'number' ? { with: 'ipvsadm' } : raw;
  const kind = given.with;
  if (given.count !== undefined && given.hosts && given.count !== given.hosts.length) {
    problems.add(
      ['directors', 'count'],
      `«count» is ${given.count}, but «hosts» lists ${given.hosts.length} directors; leave «count» out.`,
    );
  }
  if (kind !== 'keepalived') {
    refuseKeepalivedKeys(given, problems);
    if (count > 1) {
      const why = `${count} directors with ${kind} do not take over from each other`;
      const path =
        typeof raw === 'number'
          ? ['directors']
          : given.hosts
            ? ['directors', 'hosts']
            : ['directors', 'count'];
      problems.add(path, `${why}; that needs «with: keepalived». Otherwise use one director.`);
    }
    return { kind };
  }
  const vrrp = given.vrrp || count > 1 ? resolveVrrp(given, count, problems) : undefined;
  const health = resolveHealthCheck(given, problems);
  return { kind, ...(vrrp && { vrrp }), ...(health && { healthCheck: health }) };
}

function refuseKeepalivedKeys(given: RawDirectors, problems: Problems): void {
  for (const key of ['vrrp', 'healthCheck'] as const) {
    if (given[key]) {
      problems.add(
        ['directors', key],
        `«${key}» needs keepalived, not ${given.with}; write «with: keepalived».`,
        'key',
      );
    }
  }
}

function resolveVrrp(given: RawDirectors, count: number, problems: Problems): VrrpSpec {
  const { version = 2, routerId = 51, advert = '1s', preempt = true, priorities } = given.vrrp ?? {};
  const advertMs = duration.read(advert) / 1000;
  const path = ['directors', 'vrrp'];
  if (version === 2 && !(advertMs % 1000 === 0 && advertMs >= 1000 && advertMs <= 255_000)) {
    const expected = 'VRRP version 2 counts whole seconds from 1s to 255s';
    problems.add(
      [...path, 'advert'],
      `«advert» is ${advert}, but ${expected}; round it, or write «version: 3».`,
    );
  }
  if (version === 3 && !(advertMs % 10 === 0 && advertMs >= 10 && advertMs <= 40_950)) {
    const expected = 'VRRP version 3 counts in steps of 10ms from 10ms to 40.95s';
    problems.add([...path, 'advert'], `«advert» is ${advert}, but ${expected}.`);
  }
  if (priorities && priorities.length !== count) {
    const mend = `expected one for each of the ${count} directors, such as [${defaultPriorities(count).join(', ')}]`;
    problems.add([...path, 'priorities'], `«priorities» is a list of ${priorities.length}; ${mend}.`);
  }
  return {
    version,
    virtualRouterId: routerId,
    advertMs,
    priorities: priorities ?? defaultPriorities(count),
    preempt,
  };
}

/** 150, 100, 90, 80 …: the first is master, and no two are the same. */
const defaultPriorities = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? 150 : 110 - 10 * index));

function resolveHealthCheck(given: RawDirectors, problems: Problems): DirectorSpec['healthCheck'] {
  if (given.healthCheck === false) return undefined;
  const { interval = '1s', timeout = '1s', retries = 1 } = given.healthCheck ?? {};
  const read = (key: string, value: string | 0): number => {
    const ms = duration.read(value) / 1000;
    if (ms < 1)
      problems.add(['directors', 'healthCheck', key], `«${key}» is ${value}; expected at least 1ms.`);
    return ms;
  };
  return { intervalMs: read('interval', interval), timeoutMs: read('timeout', timeout), retries };
}
