import { orList } from '../../util/words.ts';
import type { HealthCheckSpec } from '../director.ts';
import { kindsThat } from '../director-kinds.ts';
import type { HealthTraits } from '../director-traits.ts';
import type { Protocol } from '../spec.ts';
import type { Path, Problems } from './problems.ts';
import { duration } from './quantities.ts';
import type { RawHealthCheck } from './schema-directors.ts';

/** A command is started first. */
const timeoutOf = ({ timeout }: HealthTraits, check: RawHealthCheck['check']): string =>
  check === 'misc' ? '3s' : timeout;

/** The health check of the directors, which services may replace in part. */
export function resolveHealthCheck(
  given: RawHealthCheck | false | undefined,
  traits: HealthTraits,
  problems: Problems,
): HealthCheckSpec | undefined {
  if (given === false) return undefined;
  return withDefaults(given ?? {}, { traits, path: ['directors', 'healthCheck'], problems });
}

interface Context {
  traits: HealthTraits;
  path: Path;
  problems: Problems;
}

/** @param given what the file says of it, all keys together. */
function withDefaults(given: RawHealthCheck, context: Context): HealthCheckSpec {
  const {
    interval = '1s',
    timeout = timeoutOf(context.traits, given.check),
    retries = 1,
    retryDelay,
    ...others
  } = given;
  checkKeys(given, context);
  const retryDelayMs = retryDelay === undefined ? undefined : readMs('retryDelay', retryDelay, context);
  return {
    intervalMs: readMs('interval', interval, context),
    timeoutMs: readMs('timeout', timeout, context),
    retries,
    ...(retryDelayMs !== undefined && { retryDelayMs }),
    ...(Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)) as object),
  };
}

function readMs(key: string, value: string | 0, { traits, path, problems }: Context): number {
  const ms = duration.read(value) / 1000;
  if (ms < 1) problems.add([...path, key], `«${key}» is ${value}; expected at least 1ms.`);
  else if (traits.wholeSeconds && ms % 1000 !== 0)
    problems.add([...path, key], `«${key}» is ${value}, but ${traits.by} counts whole seconds; round it.`);
  return ms;
}

/** Keys that mean nothing with this kind of check, or for which the director has nothing. */
function checkKeys(given: RawHealthCheck, { traits, path, problems }: Context): void {
  const check = given.check;
  const refuse = (key: keyof RawHealthCheck, text: string) => problems.add([...path, key], text, 'key');
  for (const key of ['path', 'status', 'digest', 'receive'] as const)
    if (given[key] !== undefined && check !== 'http')
      refuse(key, `«${key}» belongs to «check: http»; add that, or leave «${key}» out.`);
  if (given.script !== undefined && check !== 'misc')
    refuse('script', '«script» belongs to «check: misc»; add that, or leave «script» out.');
  if (check === 'misc' && given.script === undefined)
    problems.add([...path, 'check'], '«check: misc» needs a command; add «script».');
  const { by, lacks, checks } = traits;
  for (const key of lacks)
    if (given[key] !== undefined)
      refuse(
        key,
        `«${key}» needs ${checkers(({ lacks }) => !lacks.includes(key))}: ${by} has no equivalent; leave it out.`,
      );
  if (check !== undefined && !checks.includes(check)) {
    const needed = checkers((traits) => traits.checks.includes(check));
    problems.add([...path, 'check'], `«check: ${check}» needs ${needed}; ${by} checks by ${orList(checks)}.`);
  }
}

/** The kinds of directors whose checks have it. */
const checkers = (have: (health: HealthTraits) => boolean): string =>
  orList(kindsThat(({ health }) => health && have(health)));

/**
 * The health check of one service, where it says something of its own, and what is wrong with the one that holds.
 * @param common what the directors say, as written.
 */
export function resolveOwnCheck(
  given: RawHealthCheck | false | undefined,
  common: RawHealthCheck | false | undefined,
  service: { protocol: Protocol; traits: HealthTraits; path: Path; problems: Problems },
): HealthCheckSpec | false | undefined {
  const { protocol, path, problems } = service;
  if (given === false) return false;
  const whole = { ...(common === false ? {} : common), ...given };
  const at = given === undefined ? [...path, 'protocol'] : [...path, 'healthCheck'];
  if (common === false && given === undefined) return undefined;
  if (protocol === 'udp' && (whole.check === 'tcp' || whole.check === 'http'))
    problems.add(
      at,
      `«check: ${whole.check}» speaks TCP, and this service is udp; give it a «healthCheck» of its own.`,
    );
  if (protocol === 'tcp' && whole.check === 'udp')
    problems.add(
      at,
      '«check: udp» sends a datagram, and this service is tcp; give it a «healthCheck» of its own.',
    );
  if (given === undefined) return undefined;
  return withDefaults(whole, { ...service, path: [...path, 'healthCheck'] });
}
