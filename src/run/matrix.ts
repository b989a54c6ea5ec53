import { comesInPairs, hasIpvs, takeOverOf } from '../model/director-kinds.ts';
import { directorTraits } from '../model/director-traits.ts';
import { driverTraits } from '../model/driver-traits.ts';
import { methodsIn } from '../model/forwarding.ts';
import type { DriverKind } from '../model/kinds.ts';
import { resolveDirector } from '../model/labfile/directors.ts';
import { Problems } from '../model/labfile/problems.ts';
import { defaultSysctls } from '../model/labfile/sysctls.ts';
import type { Place } from '../model/matrix.ts';
import { type DirectorKind, type HostSpec, hostsOf, type LabSpec, type ServiceSpec } from '../model/spec.ts';
import { LabUnavailable } from '../util/errors.ts';
import { orList } from '../util/words.ts';

/**
 * The same lab in another place: what its hosts are made of and what directs is changed, and everything else of
 * it only as far as that asks for. What the place leaves open stays as the lab file says.
 * @throws {LabUnavailable} when this lab cannot be there.
 */
export function atPlace(spec: LabSpec, place: Pick<Place, 'driver' | 'director'>): LabSpec {
  const moved = place.driver === undefined ? spec : withDriver(spec, place.driver);
  return place.director === undefined ? moved : withDirector(moved, place.director);
}

function withDriver(spec: LabSpec, kind: DriverKind): LabSpec {
  if (spec.driver.kind === kind) return spec;
  const { plain: driver } = driverTraits[kind];
  if (!driver)
    throw new LabUnavailable(`the lab «${spec.name}» names no machines, and ${kind} makes none`, {
      hint: 'give the place a lab file of its own: { lab: ./machines.yaml }',
    });
  return { ...spec, driver, hosts: spec.hosts.map(unplaced) };
}

/** Without what only one driver understands. */
function unplaced({
  device: _device,
  machine: _machine,
  container: _container,
  ...host
}: HostSpec): HostSpec {
  return host;
}

function withDirector(spec: LabSpec, kind: DirectorKind): LabSpec {
  if (spec.director.kind === kind) return spec;
  const [first, ...others] = hostsOf(spec, 'director');
  // Where none takes over, a second director would do nothing.
  const directors = takeOverOf(kind) ? [first, ...others] : [first];
  if (comesInPairs(kind) && directors.length !== 2)
    throw new LabUnavailable(
      `${kind} needs two directors, and the lab «${spec.name}» has ${directors.length}`,
    );
  const hosts = spec.hosts
    .filter((host) => host.role !== 'director' || directors.includes(host))
    .map((host) => (host.role === 'director' ? { ...host, sysctls: sysctlsFor(host.sysctls, kind) } : host));
  return {
    ...spec,
    hosts,
    director: resolveDirector({ with: kind }, hostsOf({ ...spec, hosts }, 'director').length, flawless),
    services: spec.services.map((service) => servedBy(kind, service)),
  };
}

/** A director without IPVS has no `net.ipv4.vs`, and one with it has its defaults. */
function sysctlsFor(sysctls: Record<string, string>, kind: DirectorKind): Record<string, string> {
  const isIpvs = ([key]: [string, string]) => key.startsWith('net.ipv4.vs.');
  if (!hasIpvs(kind)) return Object.fromEntries(Object.entries(sysctls).filter((entry) => !isIpvs(entry)));
  const defaults = Object.entries(defaultSysctls('director', { ipvs: true })).filter(isIpvs);
  return { ...sysctls, ...Object.fromEntries(defaults.filter(([key]) => sysctls[key] === undefined)) };
}

/** The service with the only scheduler that the director has, where it has no others. */
function servedBy(kind: DirectorKind, service: ServiceSpec): ServiceSpec {
  const { forwards, serviceKeys, onlyScheduler } = directorTraits[kind];
  const { vip, port, protocol, persistenceS } = service;
  const name = `${vip}:${port}/${protocol}`;
  const foreign = methodsIn(service).find((method) => !forwards.includes(method));
  if (foreign) {
    const only = orList(forwards);
    throw new LabUnavailable(`${kind} forwards by ${only} only, and ${name} is forwarded by ${foreign}`);
  }
  if (persistenceS > 0 && !serviceKeys.includes('persistence'))
    throw new LabUnavailable(`${kind} has no persistence, and ${name} is persistent`);
  return onlyScheduler ? { ...service, scheduler: onlyScheduler.name } : service;
}

/** Nothing is written by anyone here, so nothing can be wrong. */
const flawless = new Problems('', () => ({ line: 1, column: 1 }));
