import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { HostSpec } from '../../src/model/spec.ts';
import { programCommand } from '../../src/programs/index.ts';
import { switchName } from '../common/subjects.ts';

/** What every host of a lab, and its switch where that is one, shows of itself: one round trip for each, all at once. */
export async function inspected(lab: Lab): Promise<Map<string, string>> {
  const inspect = async (name: string, { name: through, role }: HostSpec, ...enter: string[]) => {
    const command = programCommand('host-state', role === 'director' ? [role] : []);
    const { stdout } = await lab.host(through).run([...enter, ...command]);
    return [name, stdout] as const;
  };
  const { hosts } = lab.spec;
  const entrances = driverTraitsOf(lab.spec).switchIsHost ? hosts.slice(0, 1) : [];
  return new Map(
    await Promise.all([
      ...hosts.map((host) => inspect(host.name, host)),
      ...entrances.map((host) => inspect(switchName, host, 'ip', 'netns', 'exec', switchName)),
    ]),
  );
}
