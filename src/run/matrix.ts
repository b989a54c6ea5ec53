import { resolveDirector } from '../model/labfile/directors.ts';
import { Problems } from '../model/labfile/problems.ts';
import { defaultSysctls } from '../model/labfile/sysctls.ts';
import type { Place } from '../model/matrix.ts';
import {
  type DirectorKind,
  type DriverSpec,
  type HostSpec,
  hostsOf,
  type LabSpec,
  type ServiceSpec,
} from '../model/spec.ts';
import { LabUnavailable } from '../util/errors.ts';

/**
 * The same lab in another place: what its hosts are made of and what directs is changed, and everything else of
 * it only as far as that asks for. What the place leaves open stays as the lab file says.
 * @throws {LabUnavailable} when this lab cannot be there.
 */
export function atPlace(spec: LabSpec, place: Pick<Place, 'driver' | 'director'>): LabSpec {
  const moved = place.driver === undefined ? spec : withDriver(spec, place.driver);
  return place.director === undefined ? moved : withDirector(moved, place.director);
}

function withDriver(spec: LabSpec, kind: DriverSpec['kind']): LabSpec {
  if (spec.driver.kind === kind) return spec;
  if (kind === 'ssh')
    throw new LabUnavailable(`the lab «${spec.name}» names no machines, and ssh makes none`, {
      hint: 'give the place a lab file of its own: { lab: ./machines.yaml }',
    });
  const driver: DriverSpec =
    kind === 'netns' ? { kind } : { kind, endpoint: 'own', hosts: {}, network: 'macvlan' };
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
  // Only these let another take over; elsewhere a second director would do nothing.
  const directors = kind === 'keepalived' || kind === 'heartbeat' ? [first, ...others] : [first];
  if (kind === 'heartbeat' && directors.length !== 2)
    throw new LabUnavailable(
      `heartbeat needs two directors, and the lab «${spec.name}» has ${directors.length}`,
    );
  const hosts = spec.hosts
    .filter((host) => host.role !== 'director' || directors.includes(host))
    .map((host) => (host.role === 'director' ? { ...host, sysctls: sysctlsFor(host.sysctls, kind) } : host));
  return {
    ...spec,
    hosts,
    director: resolveDirector({ with: kind }, hostsOf({ ...spec, hosts }, 'director').length, flawless),
    services: kind === 'nftables' ? spec.services.map(hashed) : spec.services,
  };
}

/** A director without IPVS has no `net.ipv4.vs`, and one with it has its defaults. */
function sysctlsFor(sysctls: Record<string, string>, kind: DirectorKind): Record<string, string> {
  const isIpvs = ([key]: [string, string]) => key.startsWith('net.ipv4.vs.');
  if (kind === 'nftables')
    return Object.fromEntries(Object.entries(sysctls).filter((entry) => !isIpvs(entry)));
  const defaults = Object.entries(defaultSysctls('director', { ipvs: true })).filter(isIpvs);
  return { ...sysctls, ...Object.fromEntries(defaults.filter(([key]) => sysctls[key] === undefined)) };
}

/** nftables knows neither schedulers nor connections: a hash of client address and port chooses. */
function hashed(service: ServiceSpec): ServiceSpec {
  const { vip, port, protocol, forward, persistenceS } = service;
  const name = `${vip}:${port}/${protocol}`;
  if (forward !== 'dr')
    throw new LabUnavailable(`nftables forwards by dr only, and ${name} is forwarded by ${forward}`);
  if (persistenceS > 0) throw new LabUnavailable(`nftables has no persistence, and ${name} is persistent`);
  return { ...service, scheduler: 'sh' };
}

/** Nothing is written by anyone here, so nothing can be wrong. */
const flawless = new Problems('', () => ({ line: 1, column: 1 }));
