import type { DirectorKind, HealthCheckSpec } from '../director.ts';
import type { Protocol } from '../spec.ts';
import type { Path, Problems } from './problems.ts';
import { duration } from './quantities.ts';
import type { RawHealthCheck } from './schema-directors.ts';

/** A command is started first, and ldirectord is a Perl program that counts what it loads into the time of a check. */
const timeoutOf = (kind: DirectorKind, check: RawHealthCheck['check']): string =>
  kind === 'keepalived' && check !== 'misc' ? '1s' : '3s';

/** The health check of the directors, which services may replace in part. */
export function resolveHealthCheck(
  given: RawHealthCheck | false | undefined,
  kind: DirectorKind,
  problems: Problems,
): HealthCheckSpec | undefined {
  if (given === false) return undefined;
  return withDefaults(given ?? {}, { kind, path: ['directors', 'healthCheck'], problems });
}

interface Context {
  kind: DirectorKind;
  path: Path;
  problems: Problems;
}

/** @param given what the file says of it, all keys together. */
function withDefaults(given: RawHealthCheck, context: Context): HealthCheckSpec {
  const {
    interval = '1s',
    timeout = timeoutOf(context.kind, given.check),
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

function readMs(key: string, value: string | 0, { kind, path, problems }: Context): number {
  const ms = duration.read(value) / 1000;
  if (ms < 1) problems.add([...path, key], `«${key}» is ${value}; expected at least 1ms.`);
  else if (kind !== 'keepalived' && ms % 1000 !== 0)
    problems.add([...path, key], `«${key}» is ${value}, but ldirectord counts whole seconds; round it.`);
  return ms;
}

/** Keys that mean nothing with this kind of check, or that only keepalived knows. */
function checkKeys(given: RawHealthCheck, { kind, path, problems }: Context): void {
  const check = given.check;
  const refuse = (key: keyof RawHealthCheck, text: string) => problems.add([...path, key], text, 'key');
  for (const key of ['path', 'status', 'digest', 'receive'] as const)
    if (given[key] !== undefined && check !== 'http')
      refuse(key, `«${key}» belongs to «check: http»; add that, or leave «${key}» out.`);
  if (given.script !== undefined && check !== 'misc')
    refuse('script', '«script» belongs to «check: misc»; add that, or leave «script» out.');
  if (check === 'misc' && given.script === undefined)
    problems.add([...path, 'check'], '«check: misc» needs a command; add «script».');
  if (kind === 'keepalived') return;
  for (const key of ['retryDelay', 'status', 'digest'] as const)
    if (given[key] !== undefined)
      refuse(key, `«${key}» needs keepalived: ldirectord knows nothing like it; leave it out.`);
  if (check === 'misc' || check === 'udp')
    problems.add([...path, 'check'], `«check: ${check}» needs keepalived; ldirectord checks by tcp or http.`);
}

/**
 * The health check of one service, where it says something of its own, and what is wrong with the one that holds.
 * @param common what the directors say, as written.
 */
export function resolveOwnCheck(
  given: RawHealthCheck | false | undefined,
  common: RawHealthCheck | false | undefined,
  service: { protocol: Protocol; kind: DirectorKind; path: Path; problems: Problems },
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
