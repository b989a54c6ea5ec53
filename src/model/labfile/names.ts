import type { Role } from '../spec.ts';
import type { PlannedHost } from './plan.ts';
import type { Problems } from './problems.ts';

/** Names that the lab itself uses: the switch, and the segment in a capture. */
const reserved = ['lan', 'switch'];

export function checkNames(planned: PlannedHost[], problems: Problems): void {
  const seen = new Map<string, PlannedHost>();
  for (const host of planned) {
    const { name } = host;
    const other = seen.get(name);
    if (reserved.includes(name)) {
      const text = `«${name}» is the lab's own name for its segment; choose another name for this host.`;
      problems.add([...host.path, 'name'], text);
    } else if (other) {
      // The one whose name is written can be fixed; at least one is, since default names differ.
      const [named, taken] = host.named ? [host, other] : [other, host];
      const how = taken.named ? '' : ', which has it by default';
      const text = `the name «${name}» is also that of ${roleTitle[taken.role]}${how}; choose another name.`;
      problems.add([...named.path, 'name'], text);
    }
    seen.set(name, host);
  }
}

const roleTitle: Record<Role, string> = {
  client: 'a client',
  router: 'the router, made because of «via: router»',
  director: 'a director',
  realServer: 'a real server',
};
