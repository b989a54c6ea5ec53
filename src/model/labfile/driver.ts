import { directorTraits } from '../director-traits.ts';
import { driversThat, driverTraits, driverTraitsOf, type HostKey } from '../driver-traits.ts';
import type { DriverKind } from '../kinds.ts';
import type { DirectorKind, DriverSpec, HostSpec } from '../spec.ts';
import { didYouMean } from './nearest.ts';
import type { PlannedHost } from './plan.ts';
import type { Problems } from './problems.ts';
import type { RawDriver, RawMachine } from './schema-driver.ts';

export function resolveDriver(raw: RawDriver, problems: Problems): DriverSpec {
  if (typeof raw === 'string') return namedDriver(raw);
  if (!raw.docker === !raw.ssh) {
    const found = raw.docker ? 'both «docker» and «ssh»' : 'neither «docker» nor «ssh»';
    problems.add(['driver'], `«driver» has ${found}; expected one of them, or netns.`);
  }
  if (raw.ssh) return { kind: 'ssh', ...raw.ssh };
  const { parent, image, ...others } = raw.docker ?? { endpoint: 'own', network: 'macvlan', hosts: {} };
  if (Object.keys(others.hosts).length > 0 && parent === undefined) {
    const why = 'several Docker hosts can only share a real network';
    problems.add(['driver', 'docker', 'hosts'], `${why}; name it with «parent», such as eth1.`);
  }
  return { kind: 'docker', ...others, ...(parent && { parent }), ...(image && { image }) };
}

function namedDriver(kind: DriverKind): DriverSpec {
  const { plain } = driverTraits[kind];
  if (!plain) throw new Error(`the driver ${kind} needs more settings`);
  return plain;
}

/** Keys that only some drivers understand. */
export function checkPlacement(driver: DriverSpec, planned: PlannedHost[], problems: Problems): void {
  const { hostKeys, requires, placesOf } = driverTraitsOf({ driver });
  for (const host of planned) {
    for (const key of keysOfDrivers) {
      if (host[key] !== undefined && !hostKeys.includes(key)) {
        const whose = driversThat((traits) => traits.hostKeys.includes(key)).join(' or ');
        const text = `«${key}» belongs to the driver ${whose}, and this lab's is ${driver.kind}.`;
        problems.add([...host.path, key], text, 'key');
      }
    }
    if (requires && host[requires.key] === undefined) {
      const { key, why, such } = requires;
      const remedy = `give it one: { name: ${host.name}, ${such} }`;
      problems.add(host.path, `${host.name} has no ${key}, and ${why}; ${remedy}.`);
    }
    const known = placesOf?.(driver);
    if (known && host.on !== undefined && !known.includes(host.on)) {
      const hint = didYouMean(host.on, known) || ` Known: ${known.join(', ') || 'none'}.`;
      problems.add([...host.path, 'on'], `«${host.on}» is none of the driver's «hosts».${hint}`);
    }
  }
}

/** Directors that need a place of their own on the machine, which only some drivers can make. */
export function checkDirectorOfDriver(kind: DirectorKind, driver: DriverSpec, problems: Problems): void {
  const no = directorTraits[kind].notOn[driver.kind];
  if (no) problems.add(['directors', 'with'], `${no.why}; use ${no.instead}.`);
}

const keysOfDrivers: HostKey[] = ['image', 'on', 'device', 'machine'];

/** What a host keeps of it. */
export function placementOf(
  host: Pick<PlannedHost, HostKey>,
): Pick<HostSpec, 'device' | 'container' | 'machine'> {
  const { device, image, on, machine } = host;
  const contained = image !== undefined || on !== undefined;
  return {
    ...(device !== undefined && { device }),
    ...(contained && { container: { ...(image && { image }), ...(on && { on }) } }),
    ...(machine && { machine: resolveMachine(machine) }),
  };
}

function resolveMachine({ address, port, user, key, sudo, sudoPasswordFrom, jump }: RawMachine) {
  return {
    ...reach({ address, port, user, key }),
    sudo: sudo ?? user !== 'root',
    ...(sudoPasswordFrom !== undefined && { sudoPasswordFrom }),
    ...(jump && { jump: reach(jump) }),
  };
}

const reach = ({ address, port, user, key }: NonNullable<RawMachine['jump']>) => ({
  address,
  port,
  user,
  ...(key !== undefined && { key }),
});
