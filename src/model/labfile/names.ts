import type { Role } from '../spec.ts';
import type { PlannedHost } from './plan.ts';
import type { Path, Problems } from './problems.ts';

/** Names that the lab itself uses: the switch, and the segment in a capture. */
const reserved = ['lan', 'switch'];

export function checkNames(planned: PlannedHost[], problems: Problems): void {
  const seen = new Map<string, PlannedHost>();
  for (const host of planned) {
    const at: Path = [...host.path, 'name'];
    const other = seen.get(host.name);
    if (reserved.includes(host.name)) {
      problems.add(
        at,
        `«${host.name}» is the lab's own name for its segment; choose another name for this host.`,
      );
    } else if (other) {
      const whose = other.role === host.role ? 'another host' : `a ${roleTitle[other.role]}`;
      problems.add(
        at,
        `the name «${host.name}» is taken by ${whose}; expected a name of its own for every host.`,
      );
    }
    seen.set(host.name, host);
  }
}

const roleTitle: Record<Role, string> = {
  client: 'client',
  router: 'router (made because a client has «via: router»)',
  director: 'director',
  realServer: 'real server',
};
