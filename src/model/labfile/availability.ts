import { orList } from '../../util/words.ts';
import type { DirectorKind } from '../director.ts';
import { kindsWithServiceKey } from '../director-kinds.ts';
import { directorTraits, type ServiceKey } from '../director-traits.ts';
import type { ServiceSpec } from '../spec.ts';
import { resolveOwnCheck } from './health.ts';
import type { PlannedHost } from './plan.ts';
import type { Path, Problems } from './problems.ts';
import type { RawLab } from './schema.ts';

type RawService = RawLab['services'][number];
type Availability = Pick<
  ServiceSpec,
  'healthCheck' | 'sorryServer' | 'inhibitOnFailure' | 'quorum' | 'alpha' | 'omega'
>;

export interface AvailabilityContext {
  kind: DirectorKind;
  /** As the file writes them. */
  directors: RawLab['directors'];
  planned: PlannedHost[];
  problems: Problems;
}

/** Availability options of this service; only what the file says. */
export function resolveAvailability(
  given: RawService,
  service: Pick<ServiceSpec, 'realServers' | 'protocol'>,
  path: Path,
  context: AvailabilityContext,
): Availability {
  const { kind, directors, problems } = context;
  refuseForeignKeys(given, path, kind, problems);
  const common = typeof directors === 'number' ? undefined : directors.healthCheck;
  const traits = directorTraits[kind].health;
  const of = traits && { protocol: service.protocol, traits, path, problems };
  const healthCheck = of && resolveOwnCheck(given.healthCheck, common, of);
  checkSorryServer(given, service, path, context);
  const total = service.realServers.reduce((sum, { weight }) => sum + weight, 0);
  if (given.quorum && given.quorum.weight > total)
    problems.add(
      [...path, 'quorum'],
      `a quorum of ${given.quorum.weight} is never reached: the real servers weigh ${total} together.`,
    );
  return {
    ...(healthCheck !== undefined && { healthCheck }),
    ...(given.sorryServer !== undefined && { sorryServer: given.sorryServer }),
    ...(given.inhibitOnFailure && { inhibitOnFailure: true }),
    ...(given.quorum && { quorum: quorumOf(given.quorum) }),
    ...(given.alpha && { alpha: true }),
    ...(given.omega && { omega: true }),
  };
}

const quorumOf = ({ weight, hysteresis, up, down }: NonNullable<RawService['quorum']>) => ({
  weight,
  hysteresis,
  ...(up !== undefined && { up }),
  ...(down !== undefined && { down }),
});

const availabilityOptions = [
  'healthCheck',
  'sorryServer',
  'inhibitOnFailure',
  'quorum',
  'alpha',
  'omega',
] as const satisfies ServiceKey[];

function refuseForeignKeys(given: RawService, path: Path, kind: DirectorKind, problems: Problems): void {
  for (const key of availabilityOptions) {
    if (!given[key] || directorTraits[kind].serviceKeys.includes(key)) continue;
    const kinds = kindsWithServiceKey(key);
    const remedy = `leave it out, or write «with: ${kinds[0]}» in «directors»`;
    problems.add([...path, key], `«${key}» needs ${orList(kinds)}, not ${kind}; ${remedy}.`, 'key');
  }
}

function checkSorryServer(
  given: RawService,
  { realServers }: Pick<ServiceSpec, 'realServers'>,
  path: Path,
  { planned, problems }: AvailabilityContext,
): void {
  const name = given.sorryServer;
  if (name === undefined) return;
  const at = [...path, 'sorryServer'];
  const known = planned.filter(({ role }) => role === 'realServer').map((host) => host.name);
  if (!known.includes(name)) {
    problems.add(
      at,
      `no real server is called «${name}». The real servers are ${known.slice(0, 10).join(', ')}.`,
    );
  } else if (realServers.some((server) => server.name === name)) {
    problems.add(
      at,
      `${name} already is a real server of this service; list the others in its «realServers», without ${name}.`,
    );
  }
}
