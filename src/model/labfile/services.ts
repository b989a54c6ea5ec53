import { formatIpv4, type Ipv4Network } from '../../util/ipv4.ts';
import type { Subnet } from '../../util/subnet.ts';
import { orList } from '../../util/words.ts';
import { kindsThat, kindsWithServiceKey, suchAs } from '../director-kinds.ts';
import { directorTraits } from '../director-traits.ts';
import { methodNames } from '../forwarding.ts';
import type { DirectorKind, DriverSpec, ForwardingMethod, ServiceSpec } from '../spec.ts';
import { layoutOf } from './addresses.ts';
import { resolveAvailability } from './availability.ts';
import { checkEntries, placesOf } from './entries.ts';
import { didYouMean } from './nearest.ts';
import type { PlannedHost } from './plan.ts';
import type { Path, Problems } from './problems.ts';
import { duration } from './quantities.ts';
import { resolveScheduling } from './scheduling.ts';
import type { RawLab } from './schema.ts';
import { checkVip } from './vips.ts';

type RawService = RawLab['services'][number];

export interface ServiceContext {
  /** Where the default VIP is. */
  lan: Ipv4Network;
  /** Networks in which VIPs may be, of either family. */
  subnets: readonly Subnet[];
  kind: DirectorKind;
  driver: DriverSpec;
  /** As the file writes them. */
  directors: RawLab['directors'];
  planned: PlannedHost[];
  problems: Problems;
}

export function resolveServices(raw: RawService[], context: ServiceContext): ServiceSpec[] {
  const resolved = raw.map((given, index) => resolveService(given, ['services', index], context));
  checkEntries(resolved, context.problems);
  return resolved.flat();
}

/** Each VIP and port of it. */
function resolveService(given: RawService, path: Path, context: ServiceContext): ServiceSpec[] {
  const { kind, problems, lan } = context;
  const vip = given.vip ?? formatIpv4(lan.base + layoutOf(lan.prefixLength).vip);
  const places = placesOf(given, vip, path, context);
  for (const one of given.vips ?? [vip]) checkVip(one, [...path, given.vips ? 'vips' : 'vip'], context);
  const persistenceS = duration.read(given.persistence) / 1e6;
  if (!Number.isInteger(persistenceS) || persistenceS > longestPersistenceS) {
    const expected = 'IPVS counts whole seconds, up to 31 days';
    problems.add([...path, 'persistence'], `«persistence» is ${given.persistence}; ${expected}.`);
  }
  refuseForeign(given, kind, path, problems);
  const realServers = serversOf(given, path, context);
  return places.map((place) => ({
    ...place,
    scheduler: given.scheduler ?? directorTraits[kind].onlyScheduler?.name ?? 'rr',
    forward: given.forward,
    persistenceS,
    ...resolveScheduling(given, realServers, path, context),
    ...resolveAvailability(given, { realServers, protocol: given.protocol }, path, context),
  }));
}

/** ipvsadm(8): the limit of --persistent. */
const longestPersistenceS = 31 * 86_400;

/** What the director cannot do for a service, and which directors can. */
function refuseForeign(given: RawService, kind: DirectorKind, path: Path, problems: Problems): void {
  const { serviceKeys, onlyScheduler } = directorTraits[kind];
  if (given.persistence !== 0 && !serviceKeys.includes('persistence')) {
    const instead = suchAs(kindsWithServiceKey('persistence'));
    const text = `the ${kind} director has no persistence; leave it out, or use ${instead}.`;
    problems.add([...path, 'persistence'], text, 'key');
  }
  refuseMethod(given.forward, kind, [...path, 'forward'], problems);
  if (onlyScheduler && given.scheduler !== undefined && given.scheduler !== onlyScheduler.name) {
    const what = `schedules by ${onlyScheduler.how} only, not by ${given.scheduler}`;
    const instead = suchAs(kindsThat((traits) => !traits.onlyScheduler));
    const text = `the ${kind} director ${what}; write «scheduler: ${onlyScheduler.name}», or use ${instead}.`;
    problems.add([...path, 'scheduler'], text);
  }
}

function refuseMethod(method: ForwardingMethod, kind: DirectorKind, at: Path, problems: Problems): void {
  const { forwards } = directorTraits[kind];
  if (forwards.includes(method)) return;
  const what = `forwards by ${orList(forwards)} only, not by ${method}`;
  const instead = suchAs(kindsThat((traits) => traits.forwards.includes(method)));
  problems.add(at, `the ${kind} director ${what}; write «forward: ${forwards[0]}», or use ${instead}.`);
}

/** The real servers in the order in which they are added, with the weights that hold in this service. */
function serversOf(given: RawService, path: Path, context: ServiceContext): ServiceSpec['realServers'] {
  const { problems } = context;
  const known = context.planned.filter((host) => host.role === 'realServer');
  const byName = new Map(known.map((host) => [host.name, host]));
  const listedOnes = (given.realServers ?? []).map((one) => (typeof one === 'string' ? { name: one } : one));
  const own = new Map(listedOnes.map((one) => [one.name, one]));
  const names = given.realServers ? listedOnes.map(({ name }) => name) : known.map((host) => host.name);
  const listed = new Set<string>();
  for (const [index, one] of listedOnes.entries()) {
    const { name } = one;
    const at = [...path, 'realServers', index];
    checkOwn(one, given, at, context);
    if (!byName.has(name)) problems.add(at, `no real server is called «${name}».${known10(name, byName)}`);
    else if (listed.has(name)) problems.add(at, `the real server «${name}» is listed twice in this service.`);
    listed.add(name);
  }
  for (const name of Object.keys(given.weights)) {
    const at = [...path, 'weights', name];
    if (!byName.has(name))
      problems.add(at, `no real server is called «${name}».${known10(name, byName)}`, 'key');
    else if (!names.includes(name))
      problems.add(at, `«${name}» is not a real server of this service; add it.`, 'key');
  }
  return names.map((name) => {
    const { weight, forward, port } = own.get(name) ?? {};
    return {
      name,
      weight: given.weights[name] ?? weight ?? byName.get(name)?.server?.weight ?? 1,
      ...(forward !== undefined && forward !== given.forward && { forward }),
      ...(port !== undefined && { port }),
    };
  });
}

/** What a real server has that the others of the service have not. */
function checkOwn(
  one: { forward?: ForwardingMethod | undefined; port?: number | undefined },
  given: RawService,
  at: Path,
  { kind, problems }: ServiceContext,
): void {
  const { forward = given.forward, port } = one;
  if (one.forward !== undefined) refuseMethod(forward, kind, [...at, 'forward'], problems);
  if (port === undefined) return;
  if (given.fwmark !== undefined || given.ports !== undefined || given.port === 0)
    problems.add(
      [...at, 'port'],
      'a service of several ports keeps that of each packet; leave «port» out.',
      'key',
    );
  else if (forward !== 'nat' && port !== (given.port ?? 80))
    problems.add(
      [...at, 'port'],
      `${methodNames[forward]} leaves the port of a packet as it is, so ${port} is never reached (ipvsadm and keepalived put ${given.port ?? 80} there); let the real server listen on ${given.port ?? 80}, or write «forward: nat».`,
      'key',
    );
}

function known10(name: string, byName: Map<string, unknown>): string {
  const names = [...byName.keys()];
  const list = names.length > 10 ? `${names.slice(0, 10).join(', ')} …` : names.join(', ');
  return didYouMean(name, names) || ` The real servers are ${list}.`;
}
