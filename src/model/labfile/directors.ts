import { orList } from '../../util/words.ts';
import type { DirectorSpec, HeartbeatSpec, SyncSpec, TimeoutsSpec } from '../director.ts';
import { comesInPairs, kindsWithKey } from '../director-kinds.ts';
import { type DirectorKey, directorTraits } from '../director-traits.ts';
import { defaultDirectorKind } from '../kinds.ts';
import { resolveAnnounce } from './announce.ts';
import { defined } from './defined.ts';
import { resolveHealthCheck } from './health.ts';
import type { Path, Problems } from './problems.ts';
import { duration } from './quantities.ts';
import type { RawLab } from './schema.ts';
import type { RawDirectors } from './schema-directors.ts';
import { resolveVrrp } from './vrrp.ts';

/** @param count how many directors the lab has. */
export function resolveDirector(raw: RawLab['directors'], count: number, problems: Problems): DirectorSpec {
  const given: RawDirectors = typeof raw === 'number' ? { with: defaultDirectorKind } : raw;
  const kind = given.with;
  if (given.count !== undefined && given.hosts && given.count !== given.hosts.length) {
    problems.add(
      ['directors', 'count'],
      `«count» is ${given.count}, but «hosts» lists ${given.hosts.length} directors; leave «count» out.`,
    );
  }
  refuseForeignKeys(given, problems);
  const path =
    typeof raw === 'number' ? ['directors'] : given.hosts ? ['directors', 'hosts'] : ['directors', 'count'];
  checkCount(given, count, path, problems);
  const { health: checks, directorKeys } = directorTraits[kind];
  const vrrp =
    directorKeys.includes('vrrp') && (given.vrrp || (count > 1 && !given.announce))
      ? resolveVrrp(given.vrrp, count, problems)
      : undefined;
  const health = checks && resolveHealthCheck(given.healthCheck, checks, problems);
  const sync = resolveSync(given, count, problems);
  const timeouts = resolveTimeouts(given, problems);
  const announce = directorKeys.includes('announce') ? resolveAnnounce(given, problems) : undefined;
  return {
    kind,
    ...(vrrp && { vrrp }),
    ...(health && { healthCheck: health }),
    ...(directorKeys.includes('heartbeat') && { heartbeat: resolveHeartbeat(given, problems) }),
    ...(sync && { sync }),
    ...(timeouts && { timeouts }),
    ...(announce && { announce }),
  };
}

const isMulticast = (address: string): boolean => /^2(2[4-9]|3\d)\./.test(address);

/** `ipvsadm --set` takes whole seconds, and 0 as «leave it»; the kernel takes up to (2³¹ - 1) ticks. */
function resolveTimeouts(given: RawDirectors, problems: Problems): TimeoutsSpec | undefined {
  const { tcp, tcpFin, udp } = given.timeouts ?? {};
  const seconds = (key: 'tcp' | 'tcpFin' | 'udp', text: string | 0 | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const value = duration.read(text) / 1e6;
    if (!Number.isInteger(value) || value < 1 || value > longestTimeoutS)
      problems.add(
        ['directors', 'timeouts', key],
        `«${key}» is ${text}; IPVS counts whole seconds, from 1s to 24 days.`,
      );
    return value;
  };
  const timeouts = {
    tcpS: seconds('tcp', tcp),
    tcpFinS: seconds('tcpFin', tcpFin),
    udpS: seconds('udp', udp),
  };
  return given.timeouts && defined(timeouts);
}

/** At 1000 ticks a second. */
const longestTimeoutS = 2_147_483;

const keys = [
  'vrrp',
  'healthCheck',
  'heartbeat',
  'sync',
  'timeouts',
  'announce',
] as const satisfies DirectorKey[];

function refuseForeignKeys(given: RawDirectors, problems: Problems): void {
  const kind = given.with;
  const { directorKeys, refusals } = directorTraits[kind];
  for (const key of keys) {
    if (!given[key] || directorKeys.includes(key)) continue;
    const kinds = kindsWithKey(key);
    const more = refusals?.[key] === undefined ? '' : ` ${refusals[key]}`;
    const text = `«${key}» needs ${orList(kinds)}, not ${kind}; write «with: ${kinds[0]}».${more}`;
    problems.add(['directors', key], text, 'key');
  }
}

/** Which kinds of directors take over from each other, and how many of them. */
function checkCount(given: RawDirectors, count: number, path: Path, problems: Problems): void {
  const kind = given.with;
  const { several } = directorTraits[kind];
  if (comesInPairs(kind) && count !== 2) {
    const at = given.count === undefined && !given.hosts ? ['directors', 'with'] : path;
    problems.add(at, `${kind} makes a pair of two directors, not of ${count}; write «count: 2».`);
  }
  if (count === 1 || 'takeOver' in several || (several.unless && given[several.unless])) return;
  const why = `${count} directors with ${kind} do not take over from each other`;
  problems.add(path, `${why}; that needs «with: ${several.instead}». Otherwise use one director.`);
}

function resolveSync(given: RawDirectors, count: number, problems: Problems): SyncSpec | undefined {
  if (!given.sync || !directorTraits[given.with].directorKeys.includes('sync')) return undefined;
  if (count < 2)
    problems.add(['directors', 'sync'], '«sync» needs another director; write «count: 2».', 'key');
  const { group } = given.sync;
  if (group !== undefined && !isMulticast(group))
    problems.add(
      ['directors', 'sync', 'group'],
      `${group} is no multicast group; expected 224.0.0.0 to 239.255.255.255.`,
    );
  return { id: given.sync.id, ...defined(given.sync) };
}

/** Times as ha.cf(5) wants them in order. */
function resolveHeartbeat(given: RawDirectors, problems: Problems): HeartbeatSpec {
  const {
    keepalive = '500ms',
    warn = '1500ms',
    dead = '3s',
    initDead = '6s',
    failBack = true,
    over = 'ucast',
  } = given.heartbeat ?? {};
  const times = { keepalive, warn, dead, initDead };
  const ms = (key: keyof typeof times): number => Math.round(duration.read(times[key]) / 1000);
  const order = (smaller: keyof typeof times, larger: keyof typeof times, strictly: boolean): void => {
    if (strictly ? ms(smaller) < ms(larger) : ms(smaller) <= ms(larger)) return;
    const at = given.heartbeat?.[larger] === times[larger] ? larger : smaller;
    problems.add(
      ['directors', 'heartbeat', at],
      `«${larger}» is ${times[larger]} and «${smaller}» ${times[smaller]}; expected «${larger}» to be ${strictly ? 'longer' : 'no shorter'}.`,
    );
  };
  if (ms('keepalive') < 1)
    problems.add(['directors', 'heartbeat', 'keepalive'], '«keepalive» is 0; expected at least 1ms.');
  order('keepalive', 'warn', true);
  order('warn', 'dead', true);
  order('dead', 'initDead', false);
  return {
    keepaliveMs: ms('keepalive'),
    warnMs: ms('warn'),
    deadMs: ms('dead'),
    initDeadMs: ms('initDead'),
    failBack,
    over,
  };
}
