import { parseIpv4 } from '../../util/ipv4.ts';
import { kindsWithServiceKey, suchAs } from '../director-kinds.ts';
import { directorTraits, type ServiceKey } from '../director-traits.ts';
import { type Family, familyOf } from '../family.ts';
import type { DirectorKind, ServiceSpec } from '../spec.ts';
import { didYouMean } from './nearest.ts';
import type { Path, Problems } from './problems.ts';
import type { RawLab } from './schema.ts';

type RawService = RawLab['services'][number];

const keys = [
  'fwmark',
  'schedulerFlags',
  'onePacket',
  'persistenceMask',
  'persistenceEngine',
  'thresholds',
] as const satisfies ServiceKey[];

/** What a service says of its scheduling beside the scheduler; only what the file says. */
export function resolveScheduling(
  given: RawService,
  realServers: ServiceSpec['realServers'],
  path: Path,
  { kind, problems }: { kind: DirectorKind; problems: Problems },
): Pick<
  ServiceSpec,
  'schedulerFlags' | 'onePacket' | 'persistenceMask' | 'persistenceEngine' | 'realServers'
> {
  for (const key of keys)
    if (given[key] !== undefined && !directorTraits[kind].serviceKeys.includes(key)) {
      const instead = suchAs(kindsWithServiceKey(key));
      problems.add(
        [...path, key],
        `the ${kind} director has no «${key}»; leave it out, or use ${instead}.`,
        'key',
      );
    }
  checkFlags(given, path, problems);
  if (given.onePacket && given.protocol !== 'udp')
    problems.add(
      [...path, 'onePacket'],
      'IPVS schedules single packets of UDP only; write «protocol: udp».',
      'key',
    );
  checkMask(given, path, problems);
  if (given.persistenceEngine && (given.protocol !== 'udp' || given.persistence === 0))
    problems.add(
      [...path, 'persistenceEngine'],
      'IPVS reads Call-IDs of persistent UDP services only; write «protocol: udp» and «persistence: 300s».',
      'key',
    );
  return {
    ...(given.schedulerFlags && given.schedulerFlags.length > 0 && { schedulerFlags: given.schedulerFlags }),
    ...(given.onePacket && { onePacket: true }),
    ...(given.persistenceMask !== undefined && { persistenceMask: String(given.persistenceMask) }),
    ...(given.persistenceEngine && { persistenceEngine: given.persistenceEngine }),
    realServers: limited(given, realServers, path, problems),
  };
}

/** A flag of another scheduler is a mistake that ipvsadm takes without a word. */
function checkFlags(
  { schedulerFlags = [], scheduler = 'rr' }: RawService,
  path: Path,
  problems: Problems,
): void {
  for (const [index, flag] of schedulerFlags.entries()) {
    const [of = ''] = flag.split('-');
    if (of === 'flag' || of === scheduler) continue;
    problems.add(
      [...path, 'schedulerFlags', index],
      `«${flag}» is a flag of ${of}, and this service is scheduled with ${scheduler}; write «scheduler: ${of}», or leave it out.`,
    );
  }
}

function checkMask(
  { persistenceMask, persistence, vip = '', vips = [vip] }: RawService,
  path: Path,
  problems: Problems,
): void {
  if (persistenceMask === undefined) return;
  const at = [...path, 'persistenceMask'];
  const unfit = [...new Set(vips.map(familyOf))].find((family) => !isMask(String(persistenceMask), family));
  if (unfit !== undefined)
    problems.add(
      at,
      `«persistenceMask» is ${persistenceMask}; expected ${unfit === 4 ? 'a netmask such as 255.255.255.0' : 'a prefix length such as 64'} for an IPv${unfit} VIP${vips.length > 1 ? '; write services of each family apart' : ''}.`,
    );
  else if (persistence === 0)
    problems.add(at, 'a mask means something with persistence only; add «persistence: 300s».', 'key');
}

function isMask(text: string, family: Family): boolean {
  if (family === 6) return /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 128;
  const bits = parseIpv4(text);
  return bits !== undefined && bits !== 0 && ((~bits >>> 0) & ((~bits >>> 0) + 1)) === 0;
}

function limited(
  { thresholds = {} }: RawService,
  realServers: ServiceSpec['realServers'],
  path: Path,
  problems: Problems,
): ServiceSpec['realServers'] {
  const names = realServers.map(({ name }) => name);
  for (const [name, { upper, lower = 0 }] of Object.entries(thresholds)) {
    const at = [...path, 'thresholds', name];
    if (!names.includes(name))
      problems.add(
        at,
        `no real server of this service is called «${name}».${didYouMean(name, names)}`,
        'key',
      );
    else if (lower >= upper)
      problems.add([...at, 'lower'], `«lower» is ${lower}; expected less than «upper», which is ${upper}.`);
  }
  return realServers.map((server) => {
    const limits = thresholds[server.name];
    if (!limits) return server;
    const { upper: upperThreshold, lower: lowerThreshold } = limits;
    return { ...server, upperThreshold, ...(lowerThreshold !== undefined && { lowerThreshold }) };
  });
}
